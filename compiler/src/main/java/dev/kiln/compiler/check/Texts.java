package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Decoded;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.check.Item.TextDoor;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import dev.kiln.runtime.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Text at the doors: `in word: text[N]` comes as numbers of its vocabulary, i32[N, T], with negative ones behind the end of each row; `out sound = decode(ids, phonemes)` leaves so.
final class Texts {
    private final Elaboration in;

    Texts(Elaboration in) {
        this.in = in;
    }

    /// The input of a text. Its axis of time has no name in the file.
    TextDoor door(String name, Dim rows, Span span) {
        return new TextDoor(name, in.graph().add(new Input(name, new TensorType(DType.i32, List.of(rows, Dim.variable(name + ".length"))))), span);
    }

    /// `encode(word, letters)`: i32[N, T~len]
    Item encode(Item text, Item words, Span span, Site site) {
        if (!(text instanceof TextDoor door)) return in.fail(new CheckProblem.TypeMismatch(site.place(span), "a text, from in word: text[N]", text.describe()));
        if (!(words instanceof Item.Words(Vocabulary vocabulary))) return in.fail(new CheckProblem.TypeMismatch(site.place(span), "a vocabulary", words.describe()));
        String before = in.shared().texts().putIfAbsent(door.name(), vocabulary.name());
        if (before != null && !before.equals(vocabulary.name())) return in.fail(new CheckProblem.TypeMismatch(site.place(span), "the vocabulary %s, whose numbers the text %s comes in already (two inputs may take one text)".formatted(before, door.name()), words.describe()));
        Value numbers = door.numbers();
        List<Dim> shape = numbers.type().shape();
        Value real = in.tensors().map(Functions.LESS_EQUAL, in.tensors().fill(0, DType.i32, shape), numbers);
        Value ones = in.tensors().map(Functions.SELECT, real, in.tensors().fill(1, DType.f32, shape), in.tensors().fill(0, DType.f32, shape));
        in.ragged().declare(shape.get(1), in.tensors().cast(in.tensors().sum(ones, List.of(1)), DType.i32));
        return new Tensor(in.ragged().masked(numbers, 0));
    }

    /// `decode(ids, phonemes)`: what `out` gives as text.
    Item decode(Item numbers, Item words, Span span, Site site) {
        if (!(words instanceof Item.Words(Vocabulary vocabulary))) return in.fail(new CheckProblem.TypeMismatch(site.place(span), "a vocabulary", words.describe()));
        if (vocabulary.buckets() > 0) return in.fail(new CheckProblem.TypeMismatch(site.place(span), "a vocabulary taken from data", "the buckets " + vocabulary.name() + ", whose numbers stand for many pieces each"));
        Optional<Value> v = in.arithmetic().tensor(numbers, span, site);
        if (v.isEmpty()) return Item.Poison.MISTAKE;
        if (v.get().type().dtype() != DType.i32) return in.fail(new CheckProblem.WrongElementType(site.place(span), "what decode reads (i32)", v.get().type().dtype().toString()));
        int rank = v.get().type().rank();
        if (rank < 1 || rank > 2) return in.fail(new CheckProblem.RankMismatch(site.place(span), "decode reads i32[N, T], or i32[N] of a piece each", "1 or 2", Integer.toString(rank)));
        return new Decoded(v.get(), vocabulary);
    }

    /// What leaves at the door `name`: behind the end of a row stands padding, which is no piece.
    Value out(String name, Decoded text) {
        in.shared().texts().put(name, text.by().name());
        return in.ragged().masked(text.numbers(), Vocabulary.PADDING);
    }
}

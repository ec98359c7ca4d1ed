package dev.kiln.compiler.source;

import dev.kiln.compiler.source.CheckProblem.ArgumentTwice;
import dev.kiln.compiler.source.CheckProblem.AxisLeftOver;
import dev.kiln.compiler.source.CheckProblem.BadInitialiser;
import dev.kiln.compiler.source.CheckProblem.CellWithoutTime;
import dev.kiln.compiler.source.CheckProblem.ConditionNotBool;
import dev.kiln.compiler.source.CheckProblem.DivisionByZero;
import dev.kiln.compiler.source.CheckProblem.DrawInInference;
import dev.kiln.compiler.source.CheckProblem.DuplicateName;
import dev.kiln.compiler.source.CheckProblem.FileNotFound;
import dev.kiln.compiler.source.CheckProblem.GradientIncomplete;
import dev.kiln.compiler.source.CheckProblem.GradientThroughUnfold;
import dev.kiln.compiler.source.CheckProblem.HiddenName;
import dev.kiln.compiler.source.CheckProblem.IndexCount;
import dev.kiln.compiler.source.CheckProblem.IndexMismatch;
import dev.kiln.compiler.source.CheckProblem.IndexOutside;
import dev.kiln.compiler.source.CheckProblem.IndicesInList;
import dev.kiln.compiler.source.CheckProblem.InputWithoutData;
import dev.kiln.compiler.source.CheckProblem.MisplacedStatement;
import dev.kiln.compiler.source.CheckProblem.MissingArgument;
import dev.kiln.compiler.source.CheckProblem.MissingLoss;
import dev.kiln.compiler.source.CheckProblem.MissingOptimizer;
import dev.kiln.compiler.source.CheckProblem.MissingReturn;
import dev.kiln.compiler.source.CheckProblem.NetworkAsLayer;
import dev.kiln.compiler.source.CheckProblem.NoColumns;
import dev.kiln.compiler.source.CheckProblem.NoMembers;
import dev.kiln.compiler.source.CheckProblem.NoOutput;
import dev.kiln.compiler.source.CheckProblem.NotCallable;
import dev.kiln.compiler.source.CheckProblem.NotInFile;
import dev.kiln.compiler.source.CheckProblem.NotScalar;
import dev.kiln.compiler.source.CheckProblem.NotWhole;
import dev.kiln.compiler.source.CheckProblem.OpenRank;
import dev.kiln.compiler.source.CheckProblem.ParameterConflict;
import dev.kiln.compiler.source.CheckProblem.ParameterOutsideLayer;
import dev.kiln.compiler.source.CheckProblem.PrimeUnknown;
import dev.kiln.compiler.source.CheckProblem.PrimeWithoutState;
import dev.kiln.compiler.source.CheckProblem.RaggedAxis;
import dev.kiln.compiler.source.CheckProblem.RankMismatch;
import dev.kiln.compiler.source.CheckProblem.ReadBeforeUse;
import dev.kiln.compiler.source.CheckProblem.RecursiveCall;
import dev.kiln.compiler.source.CheckProblem.RequireFailed;
import dev.kiln.compiler.source.CheckProblem.ReservedName;
import dev.kiln.compiler.source.CheckProblem.ReshapeCount;
import dev.kiln.compiler.source.CheckProblem.ResultCount;
import dev.kiln.compiler.source.CheckProblem.ShapeMismatch;
import dev.kiln.compiler.source.CheckProblem.SliceAxes;
import dev.kiln.compiler.source.CheckProblem.SliceTwice;
import dev.kiln.compiler.source.CheckProblem.SliceUnsized;
import dev.kiln.compiler.source.CheckProblem.SliceWithoutState;
import dev.kiln.compiler.source.CheckProblem.SlicesMissing;
import dev.kiln.compiler.source.CheckProblem.StateByRow;
import dev.kiln.compiler.source.CheckProblem.StepsTwice;
import dev.kiln.compiler.source.CheckProblem.StopNotBool;
import dev.kiln.compiler.source.CheckProblem.StopWithoutUnfold;
import dev.kiln.compiler.source.CheckProblem.SymbolicOffset;
import dev.kiln.compiler.source.CheckProblem.SymbolicParameter;
import dev.kiln.compiler.source.CheckProblem.TooManyArguments;
import dev.kiln.compiler.source.CheckProblem.TwoLosses;
import dev.kiln.compiler.source.CheckProblem.TypeMismatch;
import dev.kiln.compiler.source.CheckProblem.UndecidedCondition;
import dev.kiln.compiler.source.CheckProblem.UnfoldWithoutBound;
import dev.kiln.compiler.source.CheckProblem.UnfoldWithoutRows;
import dev.kiln.compiler.source.CheckProblem.UnknownArgument;
import dev.kiln.compiler.source.CheckProblem.UnknownClip;
import dev.kiln.compiler.source.CheckProblem.UnknownExtent;
import dev.kiln.compiler.source.CheckProblem.UnknownInput;
import dev.kiln.compiler.source.CheckProblem.UnknownMember;
import dev.kiln.compiler.source.CheckProblem.UnknownName;
import dev.kiln.compiler.source.CheckProblem.UnknownNetwork;
import dev.kiln.compiler.source.CheckProblem.UnknownPart;
import dev.kiln.compiler.source.CheckProblem.TextNotEncoded;
import dev.kiln.compiler.source.CheckProblem.UnknownReader;
import dev.kiln.compiler.source.CheckProblem.UnknownType;
import dev.kiln.compiler.source.CheckProblem.UnnamedAxes;
import dev.kiln.compiler.source.CheckProblem.UnreadableData;
import dev.kiln.compiler.source.CheckProblem.UnsolvableDim;
import dev.kiln.compiler.source.CheckProblem.ValueOutOfRange;
import dev.kiln.compiler.source.CheckProblem.VaryingStart;
import dev.kiln.compiler.source.CheckProblem.VocabularyOutsideConst;
import dev.kiln.compiler.source.CheckProblem.WeightNotMoved;
import dev.kiln.compiler.source.CheckProblem.WrongElementType;
import java.util.Optional;

/// The words for [CheckProblem].
final class CheckWords {
    private CheckWords() {}

    static Words of(CheckProblem problem) {
        return switch (problem) {
            case UnknownName p -> similar(Words.of("nothing is called %s here".formatted(p.name())), p.similar());
            case DuplicateName p -> Words.of("%s has a value already".formatted(p.name())).mark("again").fix("another name; a name has one value");
            case ReservedName p -> Words.of("no input can be called %s".formatted(p.name())).note("it is the number of the update, which optimizers and schedules read").fix("another name");
            case HiddenName p -> Words.of("the index %s would hide a value of that name".formatted(p.name())).mark("an index").fix("another letter for the index");
            case UnknownType p -> Words.of("%s is no type of elements".formatted(p.name())).fix("f32, i32 or bool");
            case NetworkAsLayer p -> Words.of("the network %s is no part of another".formatted(p.name())).note("a network is what is compiled; layers are what networks are made of").fix("layer %s(…)(x: f32[N, C]) -> f32[N, D] { … } for what both have, and a network around it".formatted(p.name()));
            case UnknownNetwork p -> similar(Words.of("no network here is called %s".formatted(p.name())), p.similar());
            case UnknownMember p -> similar(Words.of("%s has no %s".formatted(p.owner(), p.name())), p.similar());
            case NoMembers p -> Words.of("%s has nothing inside that could be called %s".formatted(p.owner(), p.name())).note("a dot reads a parameter of a layer, as in enc.W");
            case ReadBeforeUse p -> Words.of("%s of %s is read before the layer was applied".formatted(p.name(), p.owner())).note("its shape is known once the layer has met its input").fix("reading it below the line that applies the layer");
            case FileNotFound p -> Words.of("there is no file %s".formatted(p.path())).mark("not found").note(p.path().startsWith("./") ? "the path is relative to this file, without .nn" : "it would be META-INF/nn/%s.nn of a jar on the library path".formatted(p.path().replace('.', '/')));
            case NotInFile p -> similar(Words.of("%s declares no %s".formatted(p.path(), p.name())), p.similar());

            case StateByRow p -> Words.of("%s keeps the state %s, and over applies it to every row on its own".formatted(p.function(), p.state())).note("rows have no order in which a state could pass from one to the next").fix("scan, which goes through a sequence step by step");
            case CellWithoutTime p -> Words.of("%s is a cell, and there is no time here for it to step in".formatted(p.cell())).fix("x |> scan(%s(…)) for every output, x |> fold(%s(…)) for the last state".formatted(p.cell(), p.cell()));
            case RaggedAxis p -> Words.of("%s would read beyond the ends of rows: the axis %s is ragged".formatted(p.what(), p.axis())).mark("each row of %s has its own length".formatted(p.axis())).fix("%s~len where the axis is declared, or an index over it: formulas stop at the length".formatted(p.axis()));
            case StepsTwice p -> Words.of("%s steps a second time in the same step of the loop".formatted(p.cell())).mark("again").note("a cell inside a cell steps once, so that unit.h has one meaning").fix("fresh, for another cell built alike");
            case VaryingStart p -> Words.of("the state %s begins with a value that changes from step to step".formatted(p.state())).mark("known only inside the loop").fix("what is computed before the loop, or a prime to change the state inside it");
            case SliceWithoutState p -> Words.of("%s' is written slice by slice, but %s is no state".formatted(p.name(), p.name())).note("only the next value of a state is made of slices; any other value is one formula, or concat").fix("state %s, or all of %s in one statement".formatted(p.name(), p.name()));
            case SliceUnsized p -> Words.of("a slice of %s along an axis of %s places, a size that only a run knows".formatted(p.state(), p.size())).note("each slice is written exactly once, so their number must be known when compiling").fix("an index in place of the number: %s'[n, …] = … writes all of them".formatted(p.state()));
            case SliceAxes p -> Words.of("%s' is written along other axes than before".formatted(p.state())).note("the slices of a state differ in the same places: %s'%s was the first".formatted(p.state(), p.before())).fix("the number in the same place, or all of %s' in one statement".formatted(p.state()));
            case SliceTwice p -> Words.of("%s has its next value already".formatted(p.slice())).mark("again").note("each slice of a state is written exactly once in a step").fix("another slice, or a name for what stands between the two");
            case SlicesMissing p -> slicesMissing(p);

            case NotCallable p -> Words.of("%s cannot be called".formatted(p.found()));
            case MissingArgument p -> Words.of("%s needs %s".formatted(p.owner(), p.name())).mark("%s is missing".formatted(p.name()));
            case UnknownArgument p -> unknownArgument(p);
            case TooManyArguments p -> Words.of("%s takes %s, not %d".formatted(p.owner(), p.most() == 1 ? "one value" : p.most() + " values", p.given())).mark("one too many");
            case ArgumentTwice p -> Words.of("%s of %s is given twice".formatted(p.name(), p.owner())).mark("again");
            case RecursiveCall p -> Words.of("%s calls itself without end".formatted(p.callee())).note("calls are elaborated when compiling, so they must end there");
            case MissingReturn p -> Words.of("%s does not return a value".formatted(p.owner())).fix("return at the end of every branch");
            case ResultCount p -> Words.of("%s has %s where %d are wanted".formatted(p.what(), p.actual() == 1 ? "one value" : p.actual() + " values", p.expected()));

            case TypeMismatch p -> Words.of("expected %s, got %s".formatted(p.expected(), p.found())).mark(p.found());
            case WrongElementType p -> Words.of("%s cannot take %s elements".formatted(p.what(), p.found())).mark(p.found()).fix(p.found().equals("i32") ? "f32(…) to make them real" : p.found().equals("bool") ? "if … { 1 } else { 0 }" : "i32(…) to cut off the fraction");
            case ShapeMismatch p -> Words.of("%s: expected %s, got %s".formatted(p.what(), p.expected(), p.actual())).mark("%s is not %s".formatted(p.actual(), p.expected()));
            case RankMismatch p -> Words.of("%s: expected %s, got %s".formatted(p.what(), axes(p.expected()), p.actual())).mark(p.actual());
            case ReshapeCount p -> Words.of("%s has %s elements, %s has %s".formatted(p.from(), p.elements(), p.to(), p.wanted())).mark("%s is not %s".formatted(p.elements(), p.wanted()));
            case NotWhole p -> Words.of("%s is not a whole number".formatted(p.quotient())).mark("a size must be whole").fix("floor(…) or ceil(…), or numbers that divide");
            case DivisionByZero _ -> Words.of("division by zero").mark("the divisor is 0");
            case UnsolvableDim p -> Words.of("%s does not say what its names stand for".formatted(p.dim())).note("a size binds one new name, and it must be possible to solve for it").fix("a name alone, and require for what must hold");
            case OpenRank p -> Words.of("a network must say how many axes its inputs have").mark("%s.. is any number of them".formatted(p.name())).fix("a name for each axis");
            case NotScalar p -> Words.of("%s must be a single number, not %s".formatted(p.what(), p.type())).mark(p.type()).fix("mean(…) or sum(…)");

            case UnknownExtent p -> Words.of("nothing says how far %s runs".formatted(p.index())).mark("read no axis with it alone").fix("an extent where the index is bound: %s < n".formatted(p.index()));
            case IndexMismatch p -> Words.of("%s runs over axes of different sizes: %s and %s".formatted(p.index(), p.before(), p.here())).mark("%s places here".formatted(p.here()));
            case IndexCount p -> Words.of("a tensor of %s is read with %d %s".formatted(axes(Integer.toString(p.rank())), p.given(), p.given() == 1 ? "index" : "indices")).mark("%d of %d".formatted(p.given(), p.rank()));
            case IndexOutside p -> Words.of("the read at %s lies outside an axis of size %s".formatted(p.index(), p.size())).mark("places are 0 to size - 1").fix("else 0 inside the brackets for what lies outside");
            case SymbolicOffset p -> Words.of("this reads %s at places that begin where only a run knows, and in two directions or outside, too".formatted(p.tensor())).note("one of the two is read; both together are not").fix("a name for the part that lies inside or is turned round, as in back[n, t < T] = %s[n, T - 1 - t], and a read of that".formatted(p.tensor()));
            case AxisLeftOver p -> Words.of("the right side has the axis %s, the left does not".formatted(p.index())).mark("one value for each %s".formatted(p.index())).fix("%s among the indices on the left, or sum(… over %s)".formatted(p.index(), p.index()));
            case IndicesInList p -> Words.of("%s has indices, but several names stand left of =".formatted(p.name())).note("indices define one value by one formula").fix("plain names here, and %s in a statement below".formatted(p.name()));
            case UnnamedAxes p -> Words.of("%s stands in an index formula without indices".formatted(p.what())).fix("indices for all its axes: x[n, c]");

            case RequireFailed p -> fix(Words.of(p.message()).mark(p.mark()), p.fix());
            case GradientIncomplete p -> Words.of("%s reads %s, of which its gradient says nothing".formatted(p.function(), p.read())).note("gradient(…) returns what flows into each f32 input, and nothing else gets any").fix("an f32 input for it, or no gradient(…): it is derived then");
            case UndecidedCondition p -> Words.of("whether %s is not known when compiling".formatted(p.condition())).note("if on settings picks code, so the condition must be decided now").fix("a number in place of the dim that is open");
            case ConditionNotBool p -> Words.of("a condition is true or false, not %s".formatted(p.found())).mark(p.found()).fix("a comparison");
            case ValueOutOfRange p -> Words.of("%s cannot be %s".formatted(p.what(), p.found())).mark(p.allowed());

            case ParameterOutsideLayer p -> Words.of("%s: a function owns no parameters".formatted(p.name())).fix("layer in place of fn, with a Capitalised name");
            case ParameterConflict p -> Words.of("%s is %s, so it cannot be %s here".formatted(p.name(), p.before(), p.now())).note("one name is one parameter; a layer that is used twice shares its weights").fix("a second layer for the second input");
            case SymbolicParameter p -> Words.of("the size of %s depends on %s, which is known only when the model runs".formatted(p.name(), p.dim())).mark(p.dim() + " is open").fix("a number for that axis in the network's in");
            case BadInitialiser p -> Words.of("a parameter begins as a number or a distribution, not %s".formatted(p.found())).mark(p.found());
            case PrimeWithoutState p -> Words.of("%s' is the next value of a state, but %s is none".formatted(p.name(), p.name())).note("a prime never transposes: that is transpose(%s)".formatted(p.name())).fix("state %s, or the name without its prime".formatted(p.name()));
            case PrimeUnknown p -> Words.of("%s' has no value yet".formatted(p.name())).note("a prime is the next value, never the transpose; that is transpose(%s)".formatted(p.name()));
            case DrawInInference p -> Words.of("%s is drawn where nothing is drawn".formatted(p.name())).note("an inference without chance must not depend on it").fix("if sampling { … } around it, and else for the other case");

            case UnfoldWithoutBound p -> Words.of("nothing says how many steps %s takes at the most".formatted(p.cell())).mark("its stop may never hold").fix("unfold(%s(…), most: 40)".formatted(p.cell()));
            case UnfoldWithoutRows p -> Words.of("nothing says how many rows %s works on".formatted(p.cell())).mark("no input that is given to it by name has rows").fix("a tensor for one of its states to begin with, or for an input");
            case StopWithoutUnfold p -> Words.of("stop says when an unfold ends, but %s reads a sequence here".formatted(p.cell())).note("scan and fold take every step of what they read").fix("unfold(%s(…), most: 40)".formatted(p.cell()));
            case StopNotBool p -> Words.of("stop says of each row whether it ends: %s, not %s".formatted(p.wanted(), p.found())).mark(p.found()).fix("a comparison with one answer for each row");
            case GradientThroughUnfold _ -> Words.of("the loss depends on an unfold, through which no gradient flows").note("how many steps a row takes has no derivative").fix("scan over the right sequence (prepend, append) for training, or stop_gradient(…)");

            case MisplacedStatement p -> Words.of("%s does not belong here".formatted(p.word())).note("in and out stand in a network, loss, metric, optimizer and data in train, expect in test");
            case NoOutput p -> Words.of("%s gives nothing back".formatted(p.network())).fix("out and the name of a value");
            case MissingLoss p -> Words.of("train %s says no loss".formatted(p.network())).fix("loss cross_entropy(logits, label)");
            case TwoLosses _ -> Words.of("there is a loss already").fix("the sum of both");
            case MissingOptimizer p -> Words.of("train %s says no optimizer".formatted(p.network())).fix("optimizer Adam(lr: 1e-3)");
            case WeightNotMoved p -> Words.of("%s gives %s no next value".formatted(p.optimizer(), p.weight())).fix("%s' = %s - …".formatted(p.weight(), p.weight()));
            case UnknownPart p -> similar(Words.of("the network has no part %s".formatted(p.path())), p.similar());
            case UnknownClip p -> Words.of("gradients are clipped by norm or value, not %s".formatted(p.what())).fix("clip norm 1.0");
            case UnreadableData p -> Words.of("%s cannot be read: %s".formatted(p.path(), p.reason())).fix("a path relative to the .nn file; plain or gzip");
            case VocabularyOutsideConst p -> Words.of("a vocabulary needs a name of its own").note("it travels in the jar under this name, and whoever feeds the network asks for it").fix("const letters = %s at the top of the file, and letters here".formatted(p.written()));
            case TextNotEncoded p -> Words.of("nothing turns the text %s into numbers".formatted(p.text())).fix("encode(%s, letters), with const letters = vocabulary(tsv(\"words.tsv\"), column: \"word\", split: characters)".formatted(p.text()));
            case UnknownReader p -> Words.of("%s reads no data".formatted(p.reader())).fix("csv(\"rows.csv\", batch: 64), or tsv, npy or text");
            case UnknownInput p -> similar(Words.of("no input is called %s".formatted(p.name())), p.similar());
            case InputWithoutData p -> Words.of("the data says nothing about the input %s".formatted(p.name())).fix("%s = column(0)".formatted(p.name()));
            case NoColumns _ -> Words.of("this is not made of columns").fix("column(0), column(\"name\"), columns(1..784), and + - * / with numbers");
        };
    }

    private static Words slicesMissing(SlicesMissing p) {
        int all = p.written() + p.missing().size();
        String some = String.join(", ", p.missing().subList(0, Math.min(3, p.missing().size()))) + (p.missing().size() > 3 ? " and %d more".formatted(p.missing().size() - 3) : "");
        return Words.of("%d of the %d slices of %s' %s written, not %s".formatted(p.written(), all, p.state(), p.written() == 1 ? "is" : "are", some)).mark("%s' is not whole".formatted(p.state())).fix("%s = …, before %s' is read or the step ends".formatted(p.missing().getFirst(), p.state()));
    }

    private static Words unknownArgument(UnknownArgument p) {
        Words words = Words.of("%s has no input or setting %s".formatted(p.owner(), p.name())).mark("unknown");
        if (p.name().equals("axis") || p.name().equals("dim")) return words.note("no axis argument exists").fix("indices: %s(x[n, c] over c)".formatted(p.owner()));
        return p.similar().isPresent() || p.known().isEmpty() ? similar(words, p.similar()) : words.note("it has " + String.join(", ", p.known()));
    }

    private static Words similar(Words words, Optional<String> name) {
        return fix(words, name);
    }

    private static Words fix(Words words, Optional<String> fix) {
        return fix.isPresent() ? words.fix(fix.get()) : words;
    }

    private static String axes(String count) {
        return count.equals("1") ? "1 axis" : count.matches("[0-9]+") ? count + " axes" : count;
    }
}

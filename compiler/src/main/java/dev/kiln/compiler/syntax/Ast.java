package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/// A `.nn` file as a tree. Every node knows its place; nothing is null, what may be left out is [Optional] or an empty list.
/// Three things are written in two ways and stand here in one: a body `= expr` is a `return`, parentheses round one
/// expression leave no node, and numbers have no digit separators.
public sealed interface Ast {
    Span span();

    /// A whole file. @param documentation the `///` lines at its head when an empty line follows them
    record File(Span span, String documentation, List<Declaration> declarations) implements Ast {
        public SourceFile source() {
            return span.file();
        }
    }

    /// A name where it is written.
    record Name(Span span, String text) implements Ast {
        @Override public String toString() {
            return text;
        }
    }

    // ---- declarations ----

    /// What stands at the top of a file. `documentation` holds its `///` lines without the slashes.
    sealed interface Declaration extends Ast permits Use, Constant, Function, Block, Train, Proof, Broken {}

    /// `use ./blocks.{Residual, Tower}`. @param path `./blocks`, or `house.blocks` for one found on the library path
    record Use(Span span, String path, List<Name> names) implements Declaration {}

    /// `const words: type = value`
    record Constant(Span span, String documentation, Name name, Optional<Expr.TypeName> type, Expr value) implements Declaration {}

    /// `fn name(inputs) -> results body gradient(dy) { … }`
    record Function(Span span, String documentation, Name name, List<Input> inputs, List<Expr.TypeName> results, List<Statement> body,
                    Optional<Gradient> gradient) implements Declaration {}

    /// A derivative written by hand. @param names the gradients of the results, in order
    record Gradient(Span span, List<Name> names, List<Statement> body) implements Ast {}

    /// What owns parameters or state: `layer Dense(settings)(inputs) -> results { body }`.
    /// A network has settings only, an optimizer no results.
    record Block(Span span, String documentation, BlockKind kind, Name name, List<Setting> settings, List<Input> inputs,
                 List<Expr.TypeName> results, List<Statement> body) implements Declaration {}

    enum BlockKind { LAYER, CELL, NETWORK, OPTIMIZER }

    /// `pad: int | same = 0`. @param kinds types, the words `fn`, `layer`, `cell`, or words of their own such as `same`
    record Setting(Span span, Name name, List<Expr.TypeName> kinds, Optional<Expr> standard) implements Ast {}

    /// `x: f32[N, In]`, or with a default `keep: f32[N] = 1`
    record Input(Span span, Name name, Expr.TypeName type, Optional<Expr> standard) implements Ast {}

    /// `train Digits(settings) { … }`. @param network the name of the network it trains
    record Train(Span span, String documentation, Name network, List<Setting> settings, List<Statement> body) implements Declaration {}

    /// `test "title" in training { … }` or `property "title" { … }`
    record Proof(Span span, String documentation, ProofKind kind, String title, boolean inTraining, List<Statement> body) implements Declaration {}

    enum ProofKind { TEST, PROPERTY }

    /// Text with a syntax error, which is reported already. @param names what it would have bound: they exist, and nothing is known of them
    record Broken(Span span, List<Name> names) implements Declaration, Statement {}

    // ---- statements ----

    sealed interface Statement extends Ast permits Broken, In, Out, Param, State, Draw, Require, Bind, If, Repeat, Each, Return, Stop,
            TrainStatement, ProofStatement {}

    /// `in image: f32[N, 784]`
    record In(Span span, String documentation, Name name, Expr.TypeName type) implements Statement {}

    /// `out logits`, or `out probability = softmax(logits)`
    record Out(Span span, String documentation, Name name, Optional<Expr> value) implements Statement {}

    /// `param b: f32[units] init 0 when bias else 0 decay 0 sparse`
    record Param(Span span, String documentation, Name name, Expr.TypeName type, Expr init, Optional<When> when, Optional<Expr> decay,
                 boolean sparse) implements Statement {}

    /// `when condition else otherwise`: without the condition there is no parameter, and its name stands for `otherwise`.
    record When(Span span, Expr condition, Expr otherwise) implements Ast {}

    /// `state h, c: f32[N, hidden] = 0`
    record State(Span span, String documentation, List<Name> names, Expr.TypeName type, Expr initial) implements Statement {}

    /// `draw keep: f32[S..] from bernoulli(0.8)`
    record Draw(Span span, Name name, Expr.TypeName type, Expr distribution) implements Statement {}

    /// `require units > 0 : "message with {units}"`. @param message without its quotes, escapes resolved
    record Require(Span span, Expr condition, String message, Span messageSpan) implements Statement {}

    /// `a, b' = value` and `y[n, i < 5] = value`
    record Bind(Span span, List<Target> targets, Expr value) implements Statement {}

    /// The left of `=`. @param primed `h'` @param places empty for a whole tensor
    record Target(Span span, Name name, boolean primed, List<Place> places) implements Ast {
        /// The places that are indices by their form; one of them may turn out to be a number that is visible there.
        public List<Index> indices() {
            return places.stream().filter(Index.class::isInstance).map(Index.class::cast).toList();
        }
    }

    /// What stands between the brackets on the left of `=`.
    sealed interface Place extends Ast {}

    /// One slice of a state: the `0` of `h'[n, 0, k] = …`.
    record Fixed(Span span, Expr.Whole number) implements Place {}

    /// Where an index is bound: `n`, `s..` (@param axes true) or `i < 5` (@param extent 5).
    record Index(Span span, Name name, boolean axes, Optional<Expr> extent) implements Place {}

    /// `if condition { … } else { … }`; `else if` is an `If` alone in `otherwise`.
    record If(Span span, Expr condition, List<Statement> then, List<Statement> otherwise) implements Statement {}

    /// `for i < times { … }`
    record Repeat(Span span, Name index, Expr times, List<Statement> body) implements Statement {}

    /// `for width, stride in [(64, 1), (128, 2)] { … }`
    record Each(Span span, List<Name> names, Expr list, List<Statement> body) implements Statement {}

    record Return(Span span, List<Expr> values) implements Statement {}

    /// `stop y' == end`, in a cell that is unfolded
    record Stop(Span span, Expr condition) implements Statement {}

    // ---- training ----

    /// What stands in `train` only.
    sealed interface TrainStatement extends Statement {}

    record Loss(Span span, Expr value) implements TrainStatement {}

    record Metric(Span span, Expr value) implements TrainStatement {}

    /// `optimizer SGD(lr: 0.1) for wide, deep.W`. @param parts empty for all that no other optimizer names
    record Optimize(Span span, Expr rule, List<Path> parts) implements TrainStatement {}

    /// `clip norm 1.0`
    record Clip(Span span, Name what, Expr limit) implements TrainStatement {}

    record Freeze(Span span, List<Path> parts) implements TrainStatement {}

    /// `load table from "glove.safetensors"`
    record Load(Span span, Path part, String file) implements TrainStatement {}

    /// `patience 5`: so many epochs without a lower validation loss end the training
    record Patience(Span span, Expr epochs) implements TrainStatement {}

    /// `accumulate 4`: an update follows the mean gradient of so many batches
    record Accumulate(Span span, Expr batches) implements TrainStatement {}

    /// `average 0.999`: the running averages of the weights are what is scored and kept
    record Average(Span span, Expr decay) implements TrainStatement {}

    record Epochs(Span span, Expr count) implements TrainStatement {}

    /// `validate 0.1`: the share of the rows that is never trained on
    record Validate(Span span, Expr share) implements TrainStatement {}

    record Seed(Span span, Expr value) implements TrainStatement {}

    /// `data csv("digits.csv", batch: 64) { label = column(0) }`
    record Data(Span span, Expr reader, List<Column> columns) implements TrainStatement {}

    /// What an input is fed with: `image = columns(1..784) / 255`.
    record Column(Span span, Name input, Expr value) implements Ast {}

    /// `features.conv2d_1.K`
    record Path(Span span, List<Name> names) implements Ast {}

    // ---- proofs ----

    /// What stands in `test` and `property` only; they may also bind names.
    sealed interface ProofStatement extends Statement {}

    /// `expect actual near expected within tolerance`, or `expect condition`
    record Expect(Span span, Expr actual, Optional<Near> near) implements ProofStatement {}

    record Near(Span span, Expr expected, Expr within) implements Ast {}

    /// `gradcheck value over x: f32[1..4, 3] spread 1..3`
    record GradCheck(Span span, Expr value, List<Drawn> over) implements ProofStatement {}

    /// `forall a in 0.5..10, x: f32[4] spread 1..3 proof`
    record ForAll(Span span, List<Drawn> drawn, List<Statement> body) implements ProofStatement {}

    /// A value that a proof draws anew each time. @param type empty for a number @param spread the range of values, an [Expr.Range]
    record Drawn(Span span, Name name, Optional<Expr.TypeName> type, Optional<Expr> spread) implements Ast {}
}

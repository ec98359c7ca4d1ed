package dev.kiln.compiler.source;

import java.util.List;
import java.util.Optional;

/// What the checker refuses: names, types and shapes.
/// In every record `similar` is the nearest name that exists; expected and actual are as the user would write them.
public sealed interface CheckProblem extends Problem {
    // ---- names ----

    record UnknownName(Span span, String name, Optional<String> similar) implements CheckProblem {}

    record DuplicateName(Span span, String name, Span first) implements CheckProblem {
        @Override public List<Origin> origins() {
            return first.equals(span) ? List.of() : List.of(new Origin(first, "first here"));
        }
    }

    /// A name that the language gives to something of its own.
    record ReservedName(Span span, String name) implements CheckProblem {}

    /// An index that would hide a value.
    record HiddenName(Span span, String name, Span hidden) implements CheckProblem {
        @Override public List<Origin> origins() {
            return List.of(new Origin(hidden, name + " is this already"));
        }
    }

    record UnknownType(Span span, String name) implements CheckProblem {}

    /// A network where a layer or a value is wanted.
    record NetworkAsLayer(Span span, String name) implements CheckProblem {}

    record UnknownNetwork(Span span, String name, Optional<String> similar) implements CheckProblem {}

    record UnknownMember(Span span, String owner, String name, Optional<String> similar) implements CheckProblem {}

    record NoMembers(Span span, String owner, String name) implements CheckProblem {}

    /// `enc.W` before `enc` was applied.
    record ReadBeforeUse(Span span, String owner, String name) implements CheckProblem {}

    record FileNotFound(Span span, String path) implements CheckProblem {}

    record NotInFile(Span span, String name, String path, Optional<String> similar) implements CheckProblem {}

    // ---- time ----

    /// A cell that steps, or whose state is read, where there are no steps.
    record StateByRow(Span span, String function, String state) implements CheckProblem {}

    record CellWithoutTime(Span span, String cell) implements CheckProblem {}

    /// A ragged axis where every row must be full. @param what would read the padding
    record RaggedAxis(Span span, String what, String axis) implements CheckProblem {}

    record StepsTwice(Span span, String cell) implements CheckProblem {}

    /// A state that begins with something that changes from step to step.
    record VaryingStart(Span span, String state) implements CheckProblem {}

    /// A slice of something that is no state.
    record SliceWithoutState(Span span, String name) implements CheckProblem {}

    /// A slice along an axis whose size only a run knows.
    record SliceUnsized(Span span, String state, String size) implements CheckProblem {}

    /// Slices of one state along different axes. @param before the slice that was written first
    record SliceAxes(Span span, String state, String before, Span first) implements CheckProblem {
        @Override public List<Origin> origins() {
            return List.of(new Origin(first, "along other axes here"));
        }
    }

    record SliceTwice(Span span, String state, String slice, Span first) implements CheckProblem {
        @Override public List<Origin> origins() {
            return first.equals(span) ? List.of() : List.of(new Origin(first, "first here"));
        }
    }

    /// Some slices of a state lack a next value. @param missing these @param written how many others have one
    record SlicesMissing(Span span, String state, List<String> missing, int written) implements CheckProblem {}

    // ---- calls ----

    record NotCallable(Span span, String found) implements CheckProblem {}

    record MissingArgument(Span span, String owner, String name) implements CheckProblem {}

    record UnknownArgument(Span span, String owner, String name, Optional<String> similar, List<String> known) implements CheckProblem {}

    record TooManyArguments(Span span, String owner, int most, int given) implements CheckProblem {}

    record ArgumentTwice(Span span, String owner, String name) implements CheckProblem {}

    record RecursiveCall(Span span, String callee) implements CheckProblem {}

    record MissingReturn(Span span, String owner) implements CheckProblem {}

    /// So many values where so many names stand.
    record ResultCount(Span span, String what, int expected, int actual) implements CheckProblem {}

    // ---- types and shapes ----

    record TypeMismatch(Span span, String expected, String found) implements CheckProblem {}

    record WrongElementType(Span span, String what, String found) implements CheckProblem {}

    record ShapeMismatch(Span span, String what, String expected, String actual, List<Origin> origins) implements CheckProblem {}

    record RankMismatch(Span span, String what, String expected, String actual) implements CheckProblem {}

    record ReshapeCount(Span span, String from, String elements, String to, String wanted) implements CheckProblem {}

    record NotWhole(Span span, String quotient, List<Origin> origins) implements CheckProblem {}

    record DivisionByZero(Span span) implements CheckProblem {}

    record UnsolvableDim(Span span, String dim) implements CheckProblem {}

    /// `f32[N..]` at the door of a network.
    record OpenRank(Span span, String name) implements CheckProblem {}

    record NotScalar(Span span, String what, String type) implements CheckProblem {}

    // ---- index notation ----

    record UnknownExtent(Span span, String index) implements CheckProblem {}

    record IndexMismatch(Span span, String index, String here, String before, List<Origin> origins) implements CheckProblem {}

    record IndexCount(Span span, int rank, int given) implements CheckProblem {}

    record IndexOutside(Span span, String size, String index) implements CheckProblem {}

    /// A read at places of which only a run knows where they begin, in two directions or with a value outside.
    record SymbolicOffset(Span span, String tensor) implements CheckProblem {}

    /// An axis of the right side that the left does not name.
    record AxisLeftOver(Span span, String index) implements CheckProblem {}

    /// `y[n, i], z = …`: which formula would the indices belong to?
    record IndicesInList(Span span, String name) implements CheckProblem {}

    /// A whole tensor inside an index formula.
    record UnnamedAxes(Span span, String what) implements CheckProblem {}

    // ---- conditions ----

    /// An author's `require`. @param mark the condition with its numbers
    record RequireFailed(Span span, String message, String mark, List<Origin> origins, Optional<String> fix) implements CheckProblem {}

    /// A derivative written by hand for a function that reads more than its inputs. @param read the weight or input that would get no gradient
    record GradientIncomplete(Span span, String function, String read) implements CheckProblem {}

    /// A condition that chooses code and is not known when compiling.
    record UndecidedCondition(Span span, String condition) implements CheckProblem {}

    record ConditionNotBool(Span span, String found) implements CheckProblem {}

    record ValueOutOfRange(Span span, String what, String found, String allowed) implements CheckProblem {}

    // ---- parameters, states, chance ----

    record ParameterOutsideLayer(Span span, String name) implements CheckProblem {}

    record ParameterConflict(Span span, String name, String before, String now) implements CheckProblem {}

    record SymbolicParameter(Span span, String name, String dim) implements CheckProblem {}

    record BadInitialiser(Span span, String found) implements CheckProblem {}

    record PrimeWithoutState(Span span, String name) implements CheckProblem {}

    /// `h'` read before it has a value.
    record PrimeUnknown(Span span, String name) implements CheckProblem {}

    record DrawInInference(Span span, String name) implements CheckProblem {}

    // ---- unfold ----

    record UnfoldWithoutBound(Span span, String cell) implements CheckProblem {}

    /// Nothing that the cell is given has rows.
    record UnfoldWithoutRows(Span span, String cell) implements CheckProblem {}

    record StopWithoutUnfold(Span span, String cell) implements CheckProblem {}

    record StopNotBool(Span span, String wanted, String found) implements CheckProblem {}

    record GradientThroughUnfold(Span span) implements CheckProblem {}

    // ---- networks and training ----

    record MisplacedStatement(Span span, String word) implements CheckProblem {}

    record NoOutput(Span span, String network) implements CheckProblem {}

    record MissingLoss(Span span, String network) implements CheckProblem {}

    record TwoLosses(Span span) implements CheckProblem {}

    record MissingOptimizer(Span span, String network) implements CheckProblem {}

    record WeightNotMoved(Span span, String optimizer, String weight) implements CheckProblem {}

    record UnknownPart(Span span, String path, Optional<String> similar) implements CheckProblem {}

    record UnknownClip(Span span, String what) implements CheckProblem {}

    /// Data that compiling needs, a vocabulary's, cannot be read.
    record UnreadableData(Span span, String path, String reason) implements CheckProblem {}

    /// A vocabulary that has no name.
    record VocabularyOutsideConst(Span span, String written) implements CheckProblem {}

    record TextNotEncoded(Span span, String text) implements CheckProblem {}

    record UnknownReader(Span span, String reader) implements CheckProblem {}

    record UnknownInput(Span span, String name, Optional<String> similar) implements CheckProblem {}

    record InputWithoutData(Span span, String name) implements CheckProblem {}

    record NoColumns(Span span) implements CheckProblem {}
}

package dev.kiln.compiler.check;

import dev.kiln.compiler.check.DataSpec.Columns;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Vocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The `data` statement as data: nothing is read when compiling.
final class DataReader {
    private static final Set<String> READERS = Set.of("csv", "tsv", "npy", "text");
    private final Elaboration in;
    private final Site site;

    /// What data must feed. @param lengths of ragged inputs, by these; the rows say them
    record Doors(List<String> names, Map<String, String> lengths) {
        private List<String> fed() {
            return names.stream().filter(name -> !lengths.containsValue(name)).toList();
        }
    }

    DataReader(Elaboration in, Site site) {
        this.in = in;
        this.site = site;
    }

    Optional<DataSpec> read(Ast.Data data, Doors inputsOfTraining) {
        List<String> doors = inputsOfTraining.fed();
        if (!(data.reader() instanceof Expr.Call call) || !(call.callee() instanceof Expr.Reference reader) || call.arguments().isEmpty() || !(call.arguments().getFirst().value() instanceof Expr.Text path)) {
            in.fail(new CheckProblem.UnknownReader(data.reader().span(), data.reader().span().text()));
            return Optional.empty();
        }
        boolean text = reader.name().equals("text");
        if (!READERS.contains(reader.name())) in.fail(new CheckProblem.UnknownReader(reader.span(), reader.name()));
        Optional<Integer> batch = Optional.empty();
        Optional<Integer> window = Optional.empty();
        Optional<Vocabulary> vocabulary = Optional.empty();
        for (Expr.Argument a : call.arguments().subList(1, call.arguments().size())) {
            String name = a.name().map(Ast.Name::text).orElse("");
            if (name.equals("batch")) batch = whole(a.value(), "the batch size", 1);
            else if (text && name.equals("window")) window = whole(a.value(), "the window", 1);
            else if (text && name.isEmpty()) vocabulary = vocabulary(a.value());
            else in.fail(new CheckProblem.UnknownArgument(a.span(), reader.name(), name.isEmpty() ? a.span().text() : name, Optional.empty(), text ? List.of("window", "batch") : List.of("batch")));
        }
        if (text && (window.isEmpty() || vocabulary.isEmpty())) {
            if (window.isEmpty()) in.fail(new CheckProblem.MissingArgument(call.span(), "text", "window"));
            else if (call.arguments().stream().filter(a -> a.name().isEmpty()).count() < 2) in.fail(new CheckProblem.MissingArgument(call.span(), "text", "its vocabulary"));
            return Optional.empty();
        }
        Optional<DataSpec.Windows> windows = text ? Optional.of(new DataSpec.Windows(vocabulary.get(), window.get())) : Optional.empty();
        var inputs = new LinkedHashMap<String, Columns>();
        for (Ast.Column c : data.columns()) {
            String name = c.input().text();
            if (!doors.contains(name)) in.fail(new CheckProblem.UnknownInput(c.input().span(), name, Names.similar(name, doors)));
            if (inputs.containsKey(name)) in.fail(new CheckProblem.DuplicateName(c.input().span(), name, data.span()));
            columns(c.value()).ifPresent(v -> inputs.put(name, v));
        }
        List<String> fed = data.columns().stream().map(c -> c.input().text()).toList();
        for (String door : doors) if (!fed.contains(door)) in.fail(new CheckProblem.InputWithoutData(data.reader().span(), door));
        return Optional.of(new DataSpec(data.span(), reader.name(), path.value(), batch, windows, inputs, inputsOfTraining.lengths()));
    }

    private Optional<Vocabulary> vocabulary(Expr e) {
        Item item = in.expressions().evaluate(e, site);
        if (item instanceof Item.Words(Vocabulary v)) return Optional.of(v);
        if (!(item instanceof Item.Poison)) in.fail(new CheckProblem.TypeMismatch(e.span(), "a vocabulary", item.describe()));
        return Optional.empty();
    }

    private Optional<Integer> whole(Expr e, String what, int least) {
        Optional<Dim> value = in.expressions().dim(e, site);
        if (value.isEmpty()) return Optional.empty();
        if (value.get().isConstant() && value.get().constant().getAsLong() >= least && value.get().constant().getAsLong() <= Integer.MAX_VALUE) return Optional.of(value.get().toInt());
        in.fail(new CheckProblem.ValueOutOfRange(e.span(), what, value.get().toString(), "a whole number of at least " + least));
        return Optional.empty();
    }

    private Optional<Columns> columns(Expr e) {
        return switch (e) {
            case Expr.Call(_, Expr.Reference f, List<Expr.Argument> arguments, _) when f.name().equals("column") && arguments.size() == 1 ->
                arguments.getFirst().value() instanceof Expr.Text t ? Optional.of(new Columns.Named(t.value())) : whole(arguments.getFirst().value(), "a column", 0).map(Columns.At::new);
            case Expr.Call(_, Expr.Reference f, List<Expr.Argument> arguments, _) when f.name().equals("columns") && arguments.size() == 1 && arguments.getFirst().value() instanceof Expr.Range r -> range(r);
            case Expr.Call(_, Expr.Reference f, List<Expr.Argument> arguments, _) when f.name().equals("encode") && arguments.size() == 2 ->
                cell(arguments.getFirst().value()).flatMap(c -> vocabulary(arguments.getLast().value()).map(v -> new Columns.Encoded(c, v)));
            case Expr.Call(_, Expr.Reference f, List<Expr.Argument> arguments, _) when f.name().equals("numbers") && arguments.size() == 1 -> cell(arguments.getFirst().value()).map(Columns.Listed::new);
            case Expr.Binary b when b.operator().sign().equals("==") && b.right() instanceof Expr.Text t -> cell(b.left()).map(c -> new Columns.Is(c, t.value()));
            case Expr.Unary u when u.operator() == Expr.UnaryOperator.NEGATE -> columns(u.operand()).map(Columns.Negative::new);
            case Expr.Binary b when Set.of("+", "-", "*", "/").contains(b.operator().sign()) ->
                columns(b.left()).flatMap(l -> columns(b.right()).map(r -> new Columns.Arithmetic(b.operator().sign(), l, r)));
            case Expr.Whole _, Expr.Real _, Expr.Reference _ -> in.expressions().number(e, "a number", site).map(Columns.Constant::new);
            default -> refused(e.span());
        };
    }

    /// One column, whose text is read.
    private Optional<Columns> cell(Expr e) {
        return columns(e).flatMap(c -> c instanceof Columns.At || c instanceof Columns.Named ? Optional.of(c) : refused(e.span()));
    }

    private Optional<Columns> range(Expr.Range r) {
        Optional<Integer> from = whole(r.low(), "a column", 0);
        Optional<Integer> to = whole(r.high(), "a column", 0);
        if (from.isEmpty() || to.isEmpty()) return Optional.empty();
        if (from.get() <= to.get()) return Optional.of(new Columns.Range(from.get(), to.get()));
        in.fail(new CheckProblem.ValueOutOfRange(r.span(), "columns", r.span().text(), "a range that runs upwards; both ends count"));
        return Optional.empty();
    }

    private Optional<Columns> refused(Span span) {
        in.fail(new CheckProblem.NoColumns(span));
        return Optional.empty();
    }
}

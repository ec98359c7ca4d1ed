package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Origin;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.Unify;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Types as written: what they demand of a value, and the names their dims bind at first sight.
final class Signatures {
    private static final String UNKNOWN = "?";
    private final Elaboration in;

    Signatures(Elaboration in) {
        this.in = in;
    }

    static String print(List<Dim> shape) {
        return shape.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
    }

    static Optional<DType> dtype(String name) {
        for (DType d : DType.values()) if (d.name().equals(name)) return Optional.of(d);
        return Optional.empty();
    }

    /// The value as the type demands it. @param what as messages call it: `x of Dense`
    Item accept(Expr.TypeName type, Item item, String what, Span span, Site user, Site owner) {
        if (item instanceof Item.Poison) return item;
        String name = type.name().text();
        Optional<DType> dtype = dtype(name);
        if (dtype.isPresent() && !(name.equals("bool") && type.dims().isEmpty() && (item instanceof Item.Truth || item instanceof Item.Pending))) return tensor(type, dtype.get(), item, what, span, user, owner);
        boolean fits = switch (name) {
            case "int" -> Numbers.whole(item).isPresent();
            case "float" -> Numbers.isNumber(item) || (item instanceof Tensor(Value v) && v.type().isScalar());
            case "bool" -> true;
            case "string" -> item instanceof Item.Text;
            case "distribution" -> item instanceof Item.Distribution || Numbers.isNumber(item);
            case "schedule" -> Numbers.isNumber(item) || item instanceof Item.Callable || item instanceof Tensor;
            case "fn" -> item instanceof Item.Callable || item instanceof Item.Intrinsic;
            case "layer" -> (item instanceof Item.Applicable a && !a.isCell()) || (item instanceof Item.Kind k && !k.isCell());
            case "cell" -> (item instanceof Item.Applicable a && a.isCell()) || (item instanceof Item.Kind k && k.isCell());
            case "vocabulary" -> item instanceof Item.Words;
            case "text" -> item instanceof Item.TextDoor;
            default -> item instanceof Item.Word(String w) && w.equals(name);
        };
        if (fits && item instanceof Item.Kind k) return in.calls().make(k, List.of(), span, user, Optional.empty());
        if (fits) return name.equals("int") ? Ratio.of(Numbers.whole(item).orElseThrow()) : item;
        return in.fail(new CheckProblem.TypeMismatch(user.place(span), what + " as " + name, item.describe()));
    }

    private Item tensor(Expr.TypeName type, DType dtype, Item item, String what, Span span, Site user, Site owner) {
        Optional<Value> given = in.arithmetic().tensor(item, span, user);
        if (given.isEmpty()) return Item.Poison.MISTAKE;
        Value v = given.get();
        boolean number = Numbers.isNumber(item);
        if (v.type().dtype() != dtype) {
            if (number && dtype == DType.i32 && Numbers.value(item).isPresent()) v = in.tensors().scalar(dtype, Numbers.value(item).getAsDouble());
            else if (v.type().dtype() == DType.i32 && dtype == DType.f32 && number) v = in.tensors().cast(v, dtype);
            else return in.fail(new CheckProblem.WrongElementType(user.place(span), what + " (" + dtype + ")", v.type().dtype().toString()));
        }
        if (number && type.dims().stream().allMatch(d -> unknown(d, owner).isEmpty())) return filled(v, type, owner);
        return match(type, v.type().shape(), what, span, user, owner) ? new Tensor(v) : Item.Poison.MISTAKE;
    }

    /// A single number where the shape is known already.
    private Item filled(Value number, Expr.TypeName type, Site owner) {
        return shape(type, owner, false).<Item>map(shape -> new Tensor(in.tensors().broadcast(number, shape, List.of()))).orElse(Item.Poison.MISTAKE);
    }

    /// Binds the names that the dims show for the first time; the others must be equal.
    boolean match(Expr.TypeName type, List<Dim> actual, String what, Span span, Site user, Site owner) {
        List<Expr> dims = type.dims();
        int rows = 0;
        int known = 0;
        for (Expr d : dims) {
            if (d instanceof Expr.Axes a) {
                if (row(a, owner) instanceof Item.Axes(List<Dim> bound)) known += bound.size();
                else rows++;
            } else {
                known++;
            }
        }
        int left = actual.size() - known;
        if (left < 0 || (rows == 0 && left != 0)) {
            in.fail(new CheckProblem.RankMismatch(user.place(span), what + " is declared " + type.span().text(), rows > 0 ? "at least " + known : Integer.toString(known), actual.size() + " " + print(actual)));
            return false;
        }
        boolean fits = true;
        int axis = 0;
        for (Expr d : dims) {
            if (d instanceof Expr.Axes a) {
                List<Dim> expected = row(a, owner) instanceof Item.Axes(List<Dim> bound) ? bound : List.of();
                boolean fresh = !(row(a, owner) instanceof Item.Axes);
                int count = fresh ? left : expected.size();
                List<Dim> here = actual.subList(axis, axis + count);
                if (fresh) owner.scope().bind(a.name().text(), new Item.Axes(here), span);
                else if (!here.equals(expected)) fits &= !in.together(expected, here, span, user) && refuse(what, print(expected), print(here), span, a.name().text(), user, owner);
                axis += count;
            } else {
                fits &= axis(d, actual, axis, what, span, user, owner);
                axis++;
            }
        }
        return fits;
    }

    /// `T~len` takes a ragged axis, and one whose rows are all full; a plain name only the latter.
    private boolean axis(Expr d, List<Dim> actual, int axis, String what, Span span, Site user, Site owner) {
        boolean ragged = in.ragged().rows(actual, axis).isPresent();
        if (!(d instanceof Expr.Ragged r)) {
            if (!ragged) return dim(d, actual.get(axis), what, span, user, owner);
            in.fail(new CheckProblem.RaggedAxis(user.place(span), what, actual.get(axis).toString()));
            return false;
        }
        if (!dim(r.axis(), actual.get(axis), what, span, user, owner)) return false;
        if (owner.scope().find(r.length().text()).isEmpty()) owner.scope().bind(r.length().text(), new Tensor(in.ragged().length(actual, axis)), span);
        return true;
    }

    private static Item row(Expr.Axes axes, Site owner) {
        return owner.scope().find(axes.name().text()).map(Scope.Binding::item).orElse(Item.Poison.MISTAKE);
    }

    private boolean dim(Expr pattern, Dim actual, String what, Span span, Site user, Site owner) {
        Set<String> unknown = unknown(pattern, owner);
        if (pattern instanceof Expr.Reference r && unknown.contains(r.name())) {
            owner.scope().bind(r.name(), Ratio.of(actual), span);
            return true;
        }
        var scope = new Scope(owner.scope());
        for (String name : unknown) scope.bind(name, Ratio.of(Dim.variable(UNKNOWN + name)), span);
        Optional<Dim> expected = in.expressions().dim(pattern, owner.inner(scope));
        if (expected.isEmpty()) return false;
        var outcome = Unify.solve(expected.get(), unknown.stream().map(n -> UNKNOWN + n).collect(Collectors.toSet()), actual);
        return switch (outcome) {
            case Unify.Proved _ -> true;
            case Unify.Bound(String name, Dim value) -> {
                owner.scope().bind(name.substring(UNKNOWN.length()), Ratio.of(value), span);
                yield true;
            }
            case Unify.Refuted _ -> refuse(what, readable(expected.get()), actual.toString(), span, pattern.span().text(), user, owner);
            case Unify.Open _ -> !in.together(List.of(expected.get()), List.of(actual), span, user) && refuse(what, readable(expected.get()), actual.toString(), span, pattern.span().text(), user, owner);
            case Unify.Ambiguous _ -> {
                in.fail(new CheckProblem.UnsolvableDim(pattern.span(), pattern.span().text()));
                yield false;
            }
        };
    }

    private static String readable(Dim d) {
        return d.toString().replace(UNKNOWN, "");
    }

    private boolean refuse(String what, String expected, String actual, Span span, String written, Site user, Site owner) {
        var origins = new ArrayList<Origin>(in.expressions().origins(span, user));
        owner.scope().find(written).ifPresent(b -> {
            if (!b.place().equals(span) && !user.frame().home().isLibrary()) origins.add(new Origin(user.place(b.place()), written + " = " + expected));
        });
        in.fail(new CheckProblem.ShapeMismatch(user.place(span), what, expected, actual, origins));
        return false;
    }

    /// Capital names that nothing binds yet.
    Set<String> unknown(Expr e, Site site) {
        var names = new TreeSet<String>();
        Names.references(e, name -> {
            if (Character.isUpperCase(name.charAt(0)) && site.scope().find(name).isEmpty() && site.frame().home().find(name).filter(v -> v.declaration() instanceof Ast.Constant).isEmpty()) names.add(name);
        });
        return names;
    }

    /// The shape that a type says, all its names being known. @param fresh capital names seen for the first time become dims of the network
    Optional<List<Dim>> shape(Expr.TypeName type, Site site, boolean fresh) {
        var shape = new ArrayList<Dim>();
        for (Expr d : type.dims()) {
            if (d instanceof Expr.Axes a) {
                if (row(a, site) instanceof Item.Axes(List<Dim> bound)) {
                    shape.addAll(bound);
                    continue;
                }
                in.fail(fresh ? new CheckProblem.OpenRank(d.span(), a.name().text()) : unknownName(a.name().text(), a.span(), site));
                return Optional.empty();
            }
            if (fresh) for (String name : unknown(d, site)) site.scope().bind(name, Ratio.of(in.shared().equalities().declared(name)), d.span());
            Optional<Dim> dim = in.expressions().dim(d instanceof Expr.Ragged r ? r.axis() : d, site);
            if (dim.isEmpty()) return Optional.empty();
            if (dim.get().isConstant() && dim.get().constant().getAsLong() < 1) {
                in.fail(new CheckProblem.ValueOutOfRange(site.place(d.span()), "a size", dim.get().toString(), "sizes are at least 1"));
                return Optional.empty();
            }
            shape.add(dim.get());
        }
        return Optional.of(shape);
    }

    private static CheckProblem unknownName(String name, Span span, Site site) {
        return new CheckProblem.UnknownName(site.place(span), name, Names.similar(name, site.scope().visible()));
    }
}

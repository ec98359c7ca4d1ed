package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Position;
import dev.kiln.compiler.check.Item.Product;
import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Expr.BinaryOperator;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// `+ - * / % ^` and scalar functions on whatever their operands are: numbers, indices, whole tensors, formulas.
final class Arithmetic {
    private final Elaboration in;

    Arithmetic(Elaboration in) {
        this.in = in;
    }

    Item binary(BinaryOperator operator, Item a, Item b, Span span, Site site) {
        if (a instanceof Item.Poison || b instanceof Item.Poison) return Item.Poison.MISTAKE;
        if (operator == BinaryOperator.DIVIDE && Numbers.isNumber(a) && Numbers.value(b).orElse(1) == 0 && b instanceof Ratio) return in.fail(new CheckProblem.DivisionByZero(site.place(span)));
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            Optional<Item> known = Numbers.apply(operator, a, b);
            if (known.isPresent()) return known.get();
        }
        Optional<Item> same = neutral(operator, a, b);
        if (same.isPresent()) return same.get();
        if (a instanceof Position || b instanceof Position) {
            Optional<Item> affine = affine(operator, a, b);
            if (affine.isPresent()) return affine.get();
        }
        if ((a instanceof Product || b instanceof Product) && operator == BinaryOperator.MULTIPLY && !hasWhole(a) && !hasWhole(b)) {
            Optional<List<Read>> factors = factors(a, site).flatMap(left -> factors(b, site).map(right -> joined(left, right)));
            if (factors.isPresent()) return new Product(factors.get());
        }
        if (a instanceof Product(List<Read> factors) && operator == BinaryOperator.DIVIDE && isLazy(factors) && Numbers.value(b).isPresent())
            return new Product(joined(factors, List.of(Read.plain(in.tensors().scalar(1 / Numbers.value(b).getAsDouble()), List.of()))));
        return switch (operator) {
            case ADD -> map(Functions.ADD, span, site, a, b);
            case SUBTRACT -> map(Functions.SUB, span, site, a, b);
            case MULTIPLY -> map(Functions.MUL, span, site, a, b);
            case DIVIDE -> map(Functions.DIV, span, site, a, b);
            case REMAINDER -> remainder(a, b, span, site);
            case POWER -> power(a, b, span, site);
            default -> throw new IllegalArgumentException(operator + " is no arithmetic");
        };
    }

    /// Numbers that change nothing: settings often are 0 or 1.
    private static Optional<Item> neutral(BinaryOperator operator, Item a, Item b) {
        double left = isReal(b) ? Numbers.value(a).orElse(Double.NaN) : Double.NaN;
        double right = isReal(a) ? Numbers.value(b).orElse(Double.NaN) : Double.NaN;
        return switch (operator) {
            case ADD -> right == 0 ? Optional.of(a) : left == 0 ? Optional.of(b) : Optional.empty();
            case SUBTRACT -> right == 0 ? Optional.of(a) : Optional.empty();
            case MULTIPLY -> right == 1 ? Optional.of(a) : left == 1 ? Optional.of(b) : Optional.empty();
            case DIVIDE -> right == 1 ? Optional.of(a) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean isReal(Item item) {
        return item instanceof Tensor(Value v) ? v.type().dtype() == DType.f32 : item instanceof Product(List<Read> factors) && factors.stream().allMatch(r -> r.tensor().type().dtype() == DType.f32);
    }

    /// Squares and roots have functions of their own.
    private Item power(Item a, Item b, Span span, Site site) {
        OptionalDouble exponent = Numbers.value(b);
        if (exponent.isPresent() && exponent.getAsDouble() == 2) return map(Functions.MUL, span, site, a, a);
        if (exponent.isPresent() && exponent.getAsDouble() == 1) return a;
        if (exponent.isPresent() && exponent.getAsDouble() == 3) return map(Functions.MUL, span, site, map(Functions.MUL, span, site, a, a), a);
        if (exponent.isPresent() && exponent.getAsDouble() == 0.5) return map(Functions.SQRT, span, site, a);
        return map(Functions.POW, span, site, a, b);
    }

    /// Of whole numbers it is whole.
    private Item remainder(Item a, Item b, Span span, Site site) {
        Item rest = map(Functions.MOD, span, site, a, b);
        boolean whole = isWhole(a) && isWhole(b);
        return whole && rest instanceof Tensor(Value v) ? new Tensor(in.tensors().cast(v, DType.i32))
                : whole && rest instanceof Product(List<Read> factors) ? new Product(List.of(Read.plain(in.tensors().cast(factors.getFirst().tensor(), DType.i32), factors.getFirst().variables()))) : rest;
    }

    private static boolean isWhole(Item item) {
        return item instanceof Position || (item instanceof Tensor(Value v) && v.type().dtype() == DType.i32)
                || (item instanceof Product(List<Read> factors) && factors.stream().allMatch(r -> r.tensor().type().dtype() == DType.i32)) || writtenWhole(item).isPresent();
    }

    /// Whole numbers take part in no contraction; they become real first.
    private static boolean hasWhole(Item item) {
        return item instanceof Position || (item instanceof Tensor(Value v) && v.type().dtype() != DType.f32) || (item instanceof Product(List<Read> factors) && factors.stream().anyMatch(r -> r.tensor().type().dtype() != DType.f32));
    }

    private static boolean isLazy(List<Read> factors) {
        return factors.size() > 1 || !factors.getFirst().isPlain();
    }

    private static List<Read> joined(List<Read> left, List<Read> right) {
        var all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }

    private Optional<List<Read>> factors(Item item, Site site) {
        if (item instanceof Product(List<Read> factors)) return Optional.of(factors);
        if (item instanceof Position) return labelled(item, site.frame().call(), site).map(l -> List.of(Read.plain(l.value(), l.axes())));
        if (item instanceof Tensor(Value v) && v.type().isScalar()) return Optional.of(List.of(Read.plain(v, List.of())));
        OptionalDouble number = Numbers.value(item);
        return number.isPresent() ? Optional.of(List.of(Read.plain(in.tensors().scalar(number.getAsDouble()), List.of()))) : Optional.empty();
    }

    private static Optional<Item> affine(BinaryOperator operator, Item a, Item b) {
        Optional<Coordinate> x = coordinate(a);
        Optional<Coordinate> y = coordinate(b);
        if (x.isEmpty() || y.isEmpty()) return Optional.empty();
        return switch (operator) {
            case ADD -> Optional.of(new Position(x.get().plus(y.get())));
            case SUBTRACT -> Optional.of(new Position(x.get().plus(y.get().times(-1))));
            case MULTIPLY -> number(x.get()).map(k -> new Position(y.get().times(k))).or(() -> number(y.get()).map(k -> new Position(x.get().times(k)))).map(p -> p);
            default -> Optional.empty();
        };
    }

    static Optional<Coordinate> coordinate(Item item) {
        if (item instanceof Position(Coordinate c)) return Optional.of(c);
        return writtenWhole(item).map(Coordinate::constant);
    }

    /// `2` takes the type of what stands beside it, `2.0` is real.
    private static Optional<Dim> writtenWhole(Item item) {
        return item instanceof Ratio ? Numbers.whole(item) : Optional.empty();
    }

    private static Optional<Integer> number(Coordinate c) {
        return c.isConstant() && c.offset().isConstant() ? Optional.of(c.offset().toInt()) : Optional.empty();
    }

    /// `not x` is `false == x`.
    Item not(Span span, Site site, Item operand) {
        return map(Functions.EQUAL, span, site, new Item.Truth(false), operand);
    }

    /// A scalar function of anything, element by element.
    Item map(Fn fn, Span span, Site site, Item... operands) {
        for (Item o : operands) if (o instanceof Item.Poison) return Item.Poison.MISTAKE;
        boolean indexed = false;
        for (Item o : operands) indexed |= o instanceof Product || o instanceof Position;
        if (!indexed) return whole(fn, span, site, operands);
        var parts = new ArrayList<Labelled>();
        for (Item o : operands) {
            Optional<Labelled> part = labelled(o, span, site);
            if (part.isEmpty()) return Item.Poison.MISTAKE;
            parts.add(part.get());
        }
        List<IndexVariable> axes = site.frame().inOrder(parts.stream().map(Labelled::axes).toList());
        List<Dim> shape = axes.stream().map(a -> a.extent().orElseThrow()).toList();
        Optional<List<Value>> typed = typed(fn, parts.stream().map(Labelled::value).toList(), List.of(operands), span, site);
        if (typed.isEmpty()) return Item.Poison.MISTAKE;
        var aligned = new ArrayList<Value>();
        for (int i = 0; i < parts.size(); i++) aligned.add(in.contractions().spread(new Labelled(typed.get().get(i), parts.get(i).axes()), axes, shape));
        return new Product(List.of(Read.plain(in.tensors().map(fn, aligned.toArray(Value[]::new)), axes)));
    }

    private Item whole(Fn fn, Span span, Site site, Item... operands) {
        var values = new ArrayList<Value>();
        for (Item o : operands) {
            Optional<Value> v = tensor(o, span, site);
            if (v.isEmpty()) return Item.Poison.MISTAKE;
            values.add(v.get());
        }
        Optional<List<Dim>> shape = common(values, span, site);
        if (shape.isEmpty()) return Item.Poison.MISTAKE;
        Optional<List<Value>> typed = typed(fn, values, List.of(operands), span, site);
        if (typed.isEmpty()) return Item.Poison.MISTAKE;
        return new Tensor(in.tensors().map(fn, typed.get().stream().map(v -> in.tensors().trailing(v, shape.get())).toArray(Value[]::new)));
    }

    /// The shape all operands can be aligned to at the last axis. No extent is stretched: 1 is a size like any other.
    private Optional<List<Dim>> common(List<Value> values, Span span, Site site) {
        List<Dim> widest = List.of();
        for (Value v : values) if (v.type().rank() > widest.size()) widest = v.type().shape();
        for (Value v : values) {
            List<Dim> shape = v.type().shape();
            List<Dim> tail = widest.subList(widest.size() - shape.size(), widest.size());
            if (!tail.equals(shape)) {
                if (in.together(tail, shape, span, site)) return Optional.empty();
                in.fail(new CheckProblem.ShapeMismatch(site.place(span), "the shapes do not fit together", Signatures.print(widest), Signatures.print(shape), in.expressions().origins(span, site)));
                return Optional.empty();
            }
        }
        return Optional.of(widest);
    }

    /// Numbers take the type of the tensors beside them; whole numbers beside real ones become real.
    private Optional<List<Value>> typed(Fn fn, List<Value> values, List<Item> operands, Span span, Site site) {
        boolean choice = fn.equals(Functions.SELECT);
        List<Value> data = choice ? values.subList(1, values.size()) : values;
        boolean real = data.stream().anyMatch(v -> v.type().dtype() == DType.f32) && data.stream().anyMatch(v -> v.type().dtype() != DType.f32);
        if (!fn.typing().taken().contains(DType.i32)) real = true;
        var typed = new ArrayList<Value>();
        for (int i = 0; i < values.size(); i++) {
            Value v = values.get(i);
            boolean literal = Numbers.isNumber(operands.get(i));
            boolean others = data.stream().anyMatch(d -> d.type().dtype() == DType.i32);
            boolean allWhole = others && literalsWhole(operands, data, values);
            if (literal && allWhole && fn.typing().taken().contains(DType.i32)) typed.add(in.tensors().scalar(DType.i32, Numbers.value(operands.get(i)).orElseThrow()));
            else if (v.type().dtype() == DType.i32 && real && !(others && literalsWhole(operands, data, values) && fn.typing().taken().contains(DType.i32))) typed.add(in.tensors().cast(v, DType.f32));
            else typed.add(v);
        }
        try {
            fn.result(typed.stream().map(v -> v.type().dtype()).toList());
        } catch (IllegalArgumentException _) {
            Value wrong = typed.stream().filter(v -> v.type().dtype() == DType.bool).findFirst().orElse(typed.getFirst());
            in.fail(new CheckProblem.WrongElementType(site.place(span), fn.name(), wrong.type().dtype().toString()));
            return Optional.empty();
        }
        return Optional.of(typed);
    }

    /// True when the only real operands are literals that are whole.
    private static boolean literalsWhole(List<Item> operands, List<Value> data, List<Value> values) {
        for (int i = values.size() - data.size(); i < values.size(); i++) {
            boolean literal = Numbers.isNumber(operands.get(i));
            if (literal && (writtenWhole(operands.get(i)).isEmpty() || Numbers.value(operands.get(i)).isEmpty())) return false;
            if (!literal && values.get(i).type().dtype() == DType.f32) return false;
        }
        return true;
    }

    /// The item as a whole tensor.
    Optional<Value> tensor(Item item, Span span, Site site) {
        return switch (item) {
            case Tensor(Value v) -> Optional.of(v);
            case Item.Reversed(Value of) -> Optional.of(in.ragged().backwards(of));
            case Item.Real(double v) -> Optional.of(in.tensors().scalar(v));
            case Ratio r when r.isConstant() -> Optional.of(in.tensors().scalar(r.value()));
            case Ratio r when r.isWhole() -> Optional.of(in.tensors().size(r.numerator()));
            case Ratio(Dim n, Dim d) -> Optional.of(in.tensors().map(Functions.DIV, in.tensors().size(n), in.tensors().size(d)));
            case Item.Truth(boolean b) -> Optional.of(in.tensors().scalar(DType.bool, b ? 1 : 0));
            case Item.Many many -> Literals.tensor(many, in.tensors()).or(() -> notTensor(item, span, site));
            case Item.Poison _ -> Optional.empty();
            default -> notTensor(item, span, site);
        };
    }

    private Optional<Value> notTensor(Item item, Span span, Site site) {
        in.fail(new CheckProblem.TypeMismatch(site.place(span), "a tensor or a number", item.describe()));
        return Optional.empty();
    }

    /// The item as a tensor whose axes are indices; what no index names must be a single number.
    Optional<Labelled> labelled(Item item, Span span, Site site) {
        return switch (item) {
            case Product(List<Read> factors) -> in.contractions().multiply(factors, span, site);
            case Position(Coordinate c) -> in.formulas().position(c, span, site);
            default -> tensor(item, span, site).flatMap(v -> scalar(v, span, site));
        };
    }

    private Optional<Labelled> scalar(Value v, Span span, Site site) {
        if (v.type().isScalar()) return Optional.of(new Labelled(v, List.of()));
        in.fail(new CheckProblem.UnnamedAxes(site.place(span), v.type().toString()));
        return Optional.empty();
    }
}

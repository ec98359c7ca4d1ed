package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Limits;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.EntryCode;
import dev.kiln.runtime.Frame;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// The subclass of the runtime's `EntryCode` for one entry: its facts, its binding, and the way to the drivers of each width.
final class EntryEmitter {
    private static final ClassDesc ENTRY = ClassDesc.of("dev.kiln.runtime.EntryCode");
    private static final ClassDesc WIDTH = ClassDesc.of("dev.kiln.runtime.Width");
    private static final ClassDesc DOOR = ClassDesc.of("dev.kiln.runtime.Door");
    private static final ClassDesc KIND = DOOR.nested("Kind");
    private static final ClassDesc INTS = CD_int.arrayType();
    private static final Set<AccessFlag> PUBLIC = Set.of(AccessFlag.PUBLIC);

    private static final int PART = 100;
    /// Facts are asked for once: their arrays may be long.
    private static final Limits ONCE = new Limits(65_535, 0, 0);

    private final Plan plan;
    private final List<DoorCheck> checks;
    private final Map<Width, ClassDesc> drivers;
    private final List<Rehearsal> rehearsals;

    EntryEmitter(Plan plan, List<DoorCheck> checks, Map<Width, ClassDesc> drivers, List<Rehearsal> rehearsals) {
        this.plan = plan;
        this.checks = checks;
        this.drivers = drivers;
        this.rehearsals = rehearsals;
    }

    GeneratedClass emit(ClassDesc name, String sourceFile) {
        var builder = new ClassBuilder(name, ENTRY, List.of(), sourceFile, ONCE);
        builder.constructor(ENTRY);
        var entry = plan.steps().entry();
        fact(builder, "name", CD_String, Expr.of(entry.name()));
        fact(builder, "dims", CD_String.arrayType(), Expr.arrayOf(CD_String, plan.dims().stream().map(Expr::of).toArray(Expr[]::new)));
        fact(builder, "inputs", DOOR.arrayType(), Expr.arrayOf(DOOR, entry.inputs().stream().map(v -> (Input) v.op()).map(i -> door(i.name(), i.type().dtype(), i.door())).toArray(Expr[]::new)));
        fact(builder, "outputs", DOOR.arrayType(), Expr.arrayOf(DOOR, entry.outputs().stream().filter(o -> o.role() != Output.Role.UPDATE).map(o -> door(o.name(), o.value().type().dtype(), o.value().type().shape())).toArray(Expr[]::new)));
        fact(builder, "bindingLength", CD_int, Expr.of(plan.binding().size()));
        fact(builder, "derivedSize", CD_int, Expr.of(plan.steps().derivedSize()));
        fact(builder, "weightsRead", CD_int, Expr.of(plan.steps().weightsRead()));
        fact(builder, "scratch", CD_int, Expr.of(Math.max(Frame.SCRATCH, plan.steps().scratch())));
        fact(builder, "steps", CD_int, Expr.of(plan.steps().steps().size()));
        fact(builder, "prepareSteps", CD_int, Expr.of(plan.steps().prepare()));
        fact(builder, "slots", INTS, ints(slots()));
        fact(builder, "loops", INTS, ints(plan.steps().regions().stream().flatMap(r -> Stream.of(r.first(), r.end(), plan.index(r.count()), r.depth(), r.stop().map(b -> plan.index(new IndexExpr.Offset(b))).orElse(-1))).toList()));
        var strips = new ArrayList<Integer>();
        for (int loop = 0; loop < plan.steps().regions().size(); loop++) for (var s : plan.steps().regions().get(loop).strips()) strips.addAll(List.of(s.step(), loop, plan.index(IndexExpr.size(s.every()))));
        if (!strips.isEmpty()) fact(builder, "strips", INTS, ints(strips));
        chains(builder);
        lookup(builder, "tasks", plan.steps().steps().stream().map(s -> s.tasks().isNumber(1) ? -1 : plan.index(s.tasks())).toList());
        lookup(builder, "cost", plan.steps().steps().stream().map(s -> plan.index(s.cost())).toList());
        derive(builder);
        builder.method(PUBLIC, "check", MethodTypeDesc.of(CD_String, INTS), List.of("b"), (code, p) -> check(code, p.get(1)));
        builder.method(PUBLIC, "run", MethodTypeDesc.of(CD_void, WIDTH, CD_int, DriverEmitter.FRAME, CD_int, CD_int), List.of("width", "step", "f", "from", "to"), (code, p) -> {
            var cases = new ArrayList<Runnable>();
            for (Width w : Width.values()) cases.add(() -> code.run(Expr.callStatic(new Method(Method.Kind.STATIC, drivers.get(w), "run", DriverEmitter.RUN), p.get(2), p.get(3), p.get(4), p.get(5))));
            code.select(p.get(1).call(Method.of(WIDTH, "ordinal", CD_int)), cases, () -> {});
        });
        rehearsals(builder);
        return builder.build();
    }

    private void rehearsals(ClassBuilder builder) {
        fact(builder, "rehearsals", INTS.arrayType(), Expr.arrayOf(INTS, Rehearsal.places(plan.steps(), rehearsals).stream().map(EntryEmitter::ints).toArray(Expr[]::new)));
        fact(builder, "rehearsalFloats", CD_int, Expr.of(rehearsals.stream().mapToInt(Rehearsal::floats).max().orElse(0)));
        builder.method(PUBLIC, "rehearse", MethodTypeDesc.of(CD_void, WIDTH, CD_int, CD_float.arrayType(), CD_int), List.of("width", "rehearsal", "zeros", "way"), (code, p) -> {
            var cases = new ArrayList<Runnable>();
            for (Width w : Width.values())
                if (w == Width.W1) cases.add(() -> {});
                else cases.add(() -> code.run(Expr.callStatic(new Method(Method.Kind.STATIC, drivers.get(w), "rehearse", DriverEmitter.REHEARSE), p.get(2), p.get(3), p.get(4))));
            code.select(p.get(1).call(Method.of(WIDTH, "ordinal", CD_int)), cases, () -> {});
        });
    }

    private void chains(ClassBuilder builder) {
        if (plan.block() == 0) return;
        var chain = plan.steps().chain().orElseThrow();
        var numbers = Stream.concat(Stream.of(plan.dims().indexOf(chain.dim().toString()), plan.block()), chain.ranges().stream().flatMap(r -> Stream.of(r.first(), r.end())));
        fact(builder, "chains", INTS, ints(numbers.toList()));
        fact(builder, "rows", INTS, ints(plan.slots().stream().map(s -> plan.isInner(s) ? EntryCode.INNER : plan.row(s).map(plan::index).orElse(EntryCode.SAME)).toList()));
    }

    private static void fact(ClassBuilder builder, String name, ClassDesc type, Expr value) {
        builder.method(PUBLIC, name, MethodTypeDesc.of(type), List.of(), (code, _) -> code.end(value));
    }

    private static void lookup(ClassBuilder builder, String name, List<Integer> values) {
        BiConsumer<Code, List<Expr>> body = (code, p) -> code.end(ints(values).at(p.get(1)));
        builder.method(PUBLIC, name, MethodTypeDesc.of(CD_int, CD_int), List.of("step"), body);
    }

    private static Expr ints(List<Integer> values) {
        return Expr.arrayOf(CD_int, values.stream().map(Expr::of).toArray(Expr[]::new));
    }

    private List<Integer> slots() {
        var slots = new ArrayList<Integer>();
        for (var slot : plan.slots())
            slots.addAll(List.of(plan.index(IndexExpr.size(slot.buffer().size())), slot.first(), slot.last(), plan.index(new IndexExpr.Offset(slot.buffer()))));
        return slots;
    }

    private Expr door(String name, DType dtype, List<Dim> dims) {
        var kind = switch (dtype) {
            case f32 -> "FLOAT";
            case i32 -> "INT";
            case bool -> "BOOL";
        };
        var shape = dims.stream().map(d -> d.isConstant() ? d.toInt() : -1 - plan.index(IndexExpr.size(d))).toList();
        return Expr.create(Method.constructor(DOOR, CD_String, KIND, INTS), Expr.of(name), Expr.staticField(KIND, kind, KIND), ints(shape));
    }

    /// A method for every hundred numbers: each stays far below the size that the JVM still compiles.
    private void derive(ClassBuilder builder) {
        var computed = plan.binding().entrySet().stream().filter(e -> e.getValue() >= plan.dims().size() && !(e.getKey() instanceof IndexExpr.Offset)).toList();
        var parts = new ArrayList<Method>();
        for (int from = 0; from < computed.size(); from += PART) {
            var part = computed.subList(from, Math.min(computed.size(), from + PART));
            parts.add(builder.method(Set.of(AccessFlag.STATIC, AccessFlag.PRIVATE), "derive" + parts.size(), MethodTypeDesc.of(CD_void, INTS), List.of("b"),
                    (code, p) -> part.forEach(e -> code.store(p.getFirst(), Expr.of(e.getValue()), IndexCode.compute(e.getKey(), plan, p.getFirst())))));
        }
        builder.method(PUBLIC, "derive", MethodTypeDesc.of(CD_void, INTS), List.of("b"), (code, p) -> parts.forEach(part -> code.run(Expr.callStatic(part, p.get(1)))));
    }

    private void check(Code code, Expr b) {
        for (var check : checks) {
            if (!known(check.left()) || !known(check.right())) continue;
            var left = IndexCode.compute(check.left(), plan, b);
            var right = IndexCode.compute(check.right(), plan, b);
            var wrong = switch (check.relation()) {
                case EQUAL -> left.differsFrom(right);
                case AT_LEAST -> left.lessThan(right);
            };
            code.when(wrong, () -> code.end(Expr.of(check.message())));
        }
        code.end(Expr.nothing(CD_String));
    }

    /// A check speaks of this entry's dims only if the entry has them.
    private boolean known(Dim dim) {
        return plan.dims().containsAll(dim.variables());
    }
}

package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Limits;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Space;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.schedule.Action;
import dev.kiln.compiler.schedule.Argument;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.schedule.Step;
import dev.kiln.runtime.Threefry;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/// The drivers of one entry at one width: a class with a method a step, the loops of its tasks around calls of the kernels of that width. No vectors here.
final class DriverEmitter {
    private static final ClassDesc FLOATS = CD_float.arrayType();
    private static final ClassDesc INTS = CD_int.arrayType();
    static final ClassDesc FRAME = ClassDesc.of("dev.kiln.runtime.Frame");
    private static final ClassDesc MOVES = ClassDesc.of("dev.kiln.runtime.Moves");
    private static final ClassDesc THREEFRY = ClassDesc.of("dev.kiln.runtime.Threefry");
    private static final MethodTypeDesc STEP = MethodTypeDesc.of(CD_void, FRAME, CD_int, CD_int);
    static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_void, CD_int, FRAME, CD_int, CD_int);

    static final MethodTypeDesc REHEARSE = MethodTypeDesc.of(CD_void, CD_int, FLOATS, CD_int);
    private static final MethodTypeDesc REHEARSAL = MethodTypeDesc.of(CD_void, FLOATS, CD_int);

    /// Steps that one method chooses from: a network may have thousands, and the JVM compiles no long method.
    private static final int PART = 200;

    private final Plan plan;
    private final BiFunction<KernelKey, Width, ClassDesc> kernels;
    private final Width width;
    private final List<Rehearsal> rehearsals;

    DriverEmitter(Plan plan, Width width, BiFunction<KernelKey, Width, ClassDesc> kernels, List<Rehearsal> rehearsals) {
        this.plan = plan;
        this.width = width;
        this.kernels = kernels;
        this.rehearsals = rehearsals;
    }

    GeneratedClass emit(ClassDesc name, String sourceFile) {
        var builder = new ClassBuilder(name, sourceFile, Limits.PLAIN);
        var methods = new ArrayList<Method>();
        var steps = plan.steps().steps();
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            methods.add(builder.method(Set.of(AccessFlag.STATIC), "step" + i, STEP, List.of("f", "from", "to"), (code, p) -> new Body(code, p.getFirst()).step(step, p.get(1), p.get(2))));
        }
        choose(builder, "run", RUN, List.of("step", "f", "from", "to"), methods);
        if (width != Width.W1) {
            var rehearsing = new ArrayList<Method>();
            for (var rehearsal : rehearsals) rehearsing.add(rehearse(builder, "rehearsal" + rehearsing.size(), rehearsal));
            choose(builder, "rehearse", REHEARSE, List.of("rehearsal", "zeros", "way"), rehearsing);
        }
        return builder.build();
    }

    /// A method that hands all but its first argument to the method of that number.
    private static void choose(ClassBuilder builder, String name, MethodTypeDesc type, List<String> parameters, List<Method> methods) {
        var parts = new ArrayList<Method>();
        for (int from = 0; from < methods.size(); from += PART) {
            var part = methods.subList(from, Math.min(methods.size(), from + PART));
            int first = from;
            parts.add(builder.method(Set.of(AccessFlag.STATIC), name + "Part" + parts.size(), type, parameters, (code, p) -> {
                var cases = new ArrayList<Runnable>();
                for (var method : part) cases.add(() -> code.run(Expr.callStatic(method, p.subList(1, p.size()).toArray(Expr[]::new))));
                code.select(p.getFirst().minus(Expr.of(first)), cases, () -> {});
            }));
        }
        builder.method(Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC), name, type, parameters, (code, p) -> {
            var cases = new ArrayList<Runnable>();
            for (var part : parts) cases.add(() -> code.run(Expr.callStatic(part, p.toArray(Expr[]::new))));
            code.select(p.getFirst().over(Expr.of(PART)), cases, () -> {});
        });
    }

    private Method rehearse(ClassBuilder builder, String name, Rehearsal rehearsal) {
        return builder.method(Set.of(AccessFlag.STATIC), name, REHEARSAL, List.of("zeros", "way"), (code, p) -> {
            var kernel = new Method(Method.Kind.STATIC, kernels.apply(rehearsal.key(), width), "run", rehearsal.key().descriptor());
            Runnable idle = () -> code.run(Expr.callStatic(kernel, rehearsal.arguments(p.getFirst(), p.get(1), true)));
            code.when(p.get(1).lessThan(Expr.of(0)), idle, () -> code.run(Expr.callStatic(kernel, rehearsal.arguments(p.getFirst(), p.get(1), false))));
        });
    }

    /// The body of one step's method.
    private final class Body {
        private final Code code;
        private final Expr frame;
        private final Map<String, Expr> locals = new HashMap<>();
        private final Map<Space, Expr> arrays = new HashMap<>();
        private final Map<String, Expr> doors = new HashMap<>();
        /// Where the buffers begin that a loop moves.
        private final Map<Buffer, Expr> moved = new HashMap<>();
        private Expr b;
        private Expr scratch;

        Body(Code code, Expr frame) {
            this.code = code;
            this.frame = frame;
        }

        void step(Step step, Expr from, Expr to) {
            step.origin().ifPresent(o -> code.at(o.line()));
            code.comment(step.name());
            b = code.let("b", frame.field(FRAME, "b", INTS));
            scratch = code.let("scratch", frame.field(FRAME, "scratch", FLOATS));
            if (step.reads(Step.TURNS)) locals.put("turns", code.let("turns", frame.field(FRAME, "turns", CD_int)));
            if (step.reads(Step.ITERATION)) locals.put(Step.ITERATION.toString(), code.let("iteration", frame.field(FRAME, "loop", INTS).at(0)));
            for (var buffer : step.buffers()) open(buffer);
            if (!step.opening().isEmpty()) {
                locals.putAll(Map.of("from", from, "to", to, "tasks", code.let("tasks", index(step.tasks()))));
                step.opening().forEach(this::action);
            }
            code.loop("task", from, to, 1, task -> {
                locals.put("task", task);
                step.body().forEach(this::action);
            });
        }

        private void open(Buffer buffer) {
            switch (buffer.space()) {
                case ARENA -> array(Space.ARENA, "arena");
                case WEIGHTS -> array(Space.WEIGHTS, "weights");
                case DERIVED -> array(Space.DERIVED, "derived");
                case FLOATS_IN -> door(buffer, "in", FLOATS);
                case INTS_IN -> door(buffer, "intIn", INTS);
                case FLOATS_OUT -> door(buffer, "out", FLOATS);
                case INTS_OUT -> door(buffer, "intOut", INTS);
            }
            if (buffer.shift().isPresent()) moved.computeIfAbsent(buffer, _ -> code.let("at" + moved.size(), begin(buffer)));
        }

        private void array(Space space, String field) {
            arrays.computeIfAbsent(space, _ -> code.let(field, frame.field(FRAME, field, FLOATS)));
        }

        private void door(Buffer buffer, String field, ClassDesc type) {
            doors.computeIfAbsent(field + buffer.place(), name -> code.let(name, frame.field(FRAME, field, type.arrayType()).at(buffer.place())));
        }

        private void action(Action action) {
            switch (action) {
                case Action.Loop(var variable, var count, var body) -> {
                    var to = index(count);
                    var bound = count instanceof IndexExpr.Constant ? to : code.let(variable + "Count", to);
                    code.loop(variable, bound, at -> {
                        locals.put(variable, at);
                        body.forEach(this::action);
                    });
                }
                case Action.Let(var variable, var value) -> locals.put(variable, code.let(variable, index(value)));
                case Action.Choose(var value, var cases) -> {
                    var chosen = code.let("choice", index(value));
                    cases.forEach((number, body) -> code.when(chosen.equalTo(Expr.of(number)), () -> body.forEach(this::action)));
                }
                case Action.Kernel(var key, var arguments) -> code.run(Expr.callStatic(new Method(Method.Kind.STATIC, kernels.apply(key, width), "run", key.descriptor()), arguments(arguments)));
                case Action.Move(var method, var arguments) -> {
                    var all = arguments(arguments);
                    var types = new ArrayList<ClassDesc>();
                    for (var e : all) types.add(e.type());
                    code.run(Expr.callStatic(new Method(Method.Kind.STATIC, MOVES, method, MethodTypeDesc.of(CD_void, types)), all));
                }
            }
        }

        private Expr[] arguments(List<Argument> arguments) {
            var all = new ArrayList<Expr>();
            for (var argument : arguments)
                switch (argument) {
                    case Argument.Place(var buffer, var offset) -> place(all, buffer, offset);
                    case Argument.Int(var value) -> all.add(index(value));
                    case Argument.Real(float value) -> all.add(Expr.of(value));
                    case Argument.Scratch(var offset, _) -> {
                        all.add(scratch);
                        all.add(index(offset));
                    }
                    case Argument.KeyWord(int word, var place) -> all.add(Expr.callStatic(
                            Method.ofStatic(THREEFRY, "key" + word, CD_int, CD_long, CD_int, CD_int),
                            frame.field(FRAME, "seed", CD_long), frame.field(FRAME, "step", CD_int), Expr.of(Threefry.place(place))));
                }
            return all.toArray(Expr[]::new);
        }

        private void place(List<Expr> all, Buffer buffer, IndexExpr offset) {
            all.add(switch (buffer.space()) {
                case ARENA, WEIGHTS, DERIVED -> arrays.get(buffer.space());
                case FLOATS_IN -> doors.get("in" + buffer.place());
                case INTS_IN -> doors.get("intIn" + buffer.place());
                case FLOATS_OUT -> doors.get("out" + buffer.place());
                case INTS_OUT -> doors.get("intOut" + buffer.place());
            });
            boolean known = buffer.space() == Space.WEIGHTS || buffer.space() == Space.DERIVED;
            if (known && buffer.shift().isEmpty()) all.add(index(IndexExpr.number(buffer.place()).plus(offset)));
            else all.add(sum(moved.containsKey(buffer) ? moved.get(buffer) : begin(buffer), offset));
        }

        private Expr sum(Expr begin, IndexExpr offset) {
            return offset.isNumber(0) ? begin : begin.plus(index(offset));
        }

        /// Where a buffer begins in its array.
        private Expr begin(Buffer buffer) {
            if (buffer.shift().isPresent()) {
                var shift = buffer.shift().get();
                var iteration = frame.field(FRAME, "loop", INTS).at(shift.depth());
                var turns = shift.places().map(places -> iteration.remainder(index(IndexExpr.size(places)))).orElse(iteration);
                return sum(begin(shift.of()), IndexExpr.size(shift.first())).plus(turns.times(index(IndexExpr.size(shift.stride()))));
            }
            return switch (buffer.space()) {
                case ARENA -> index(new IndexExpr.Offset(buffer));
                case WEIGHTS, DERIVED -> Expr.of(buffer.place());
                case FLOATS_IN, INTS_IN -> frame.field(FRAME, "inOffset", INTS).at(buffer.place());
                case FLOATS_OUT, INTS_OUT -> frame.field(FRAME, "outOffset", INTS).at(buffer.place());
            };
        }

        private Expr index(IndexExpr e) {
            return IndexCode.read(e, plan, b, locals);
        }
    }
}

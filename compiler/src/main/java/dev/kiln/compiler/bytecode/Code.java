package dev.kiln.compiler.bytecode;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/// Writes the body of one method in structured form, and keeps the same body as readable text. Locals live to the end of the block that made them.
public final class Code {
    private final Sink sink;
    private final StringBuilder listing = new StringBuilder();
    private final Map<Expr, Integer> slots = new HashMap<>();
    private final Set<Expr> vague = new HashSet<>();
    private final Map<String, Integer> names = new HashMap<>();
    private int nextSlot;
    private int depth = 1;
    /// Whether the last statement left the method.
    private boolean ended;

    Code(Sink sink, int firstFreeSlot) {
        this.sink = sink;
        this.nextSlot = firstFreeSlot;
    }

    String listing() {
        return listing.toString();
    }

    boolean ended() {
        return ended;
    }

    Expr local(ClassDesc type, String name, int slot) {
        Expr local = Expr.atom(type, name, s -> s.load(type, slot));
        slots.put(local, slot);
        return local;
    }

    /// The name itself, or with a number when the method has it already.
    private String fresh(String name) {
        int uses = names.merge(name, 1, Integer::sum);
        return uses == 1 ? name : fresh(name + "_" + uses);
    }

    void reserve(String name) {
        names.put(name, 1);
    }

    // statements

    /// `type name = value;`: a local that may be [set][#set]. The name gets a number if it is taken.
    public Expr let(String name, Expr value) {
        return let(name, value.type(), value);
    }

    /// As [#let(String, Expr)] with a type wider than that of the value.
    public Expr let(String name, ClassDesc type, Expr value) {
        String unique = fresh(name);
        value.pushTo(sink);
        int slot = allocate(type);
        sink.store(type, slot);
        line("%s %s = %s;".formatted(type.displayName(), unique, value));
        Expr local = local(type, unique, slot);
        if (value.isStaticCall()) vague.add(local);
        return local;
    }

    /// What a method is to be called on: a local if a static method returns it, see [#isVague].
    public Expr receiver(Expr value) {
        return value.isStaticCall() ? let("on", value) : value;
    }

    private int allocate(ClassDesc type) {
        int slot = nextSlot;
        nextSlot += Types.slots(type);
        return slot;
    }

    /// `local = value;`
    public void set(Expr local, Expr value) {
        value.pushTo(sink);
        sink.store(local.type(), slot(local));
        line("%s = %s;".formatted(local, value));
        vague.add(local);
    }

    /// `local += by;`
    public void increment(Expr local, int by) {
        if (by == (short) by) {
            sink.increment(slot(local), by);
            line("%s += %d;".formatted(local, by));
        } else {
            set(local, local.plus(by));
        }
    }

    /// Whether it is a local that took what a static method returned, or another value than its first: the JVM may know less of its class than of any other value's. As far as code is emitted: what a loop reads before it sets it is not vague there.
    public boolean isVague(Expr value) {
        return vague.contains(value);
    }

    public boolean isLocal(Expr value) {
        return slots.containsKey(value);
    }

    private int slot(Expr local) {
        Integer slot = slots.get(local);
        if (slot == null) throw new IllegalArgumentException(local + " is no local of this method");
        return slot;
    }

    /// `array[index] = value;`
    public void store(Expr array, Expr index, Expr value) {
        array.pushTo(sink);
        index.pushTo(sink);
        value.pushTo(sink);
        sink.instruction(Types.opcode(array.type().componentType(), Opcodes.IASTORE));
        line("%s[%s] = %s;".formatted(array, index, value));
    }

    /// `object.name = value;`
    public void storeField(Expr object, ClassDesc owner, String name, Expr value) {
        object.pushTo(sink);
        value.pushTo(sink);
        sink.field(Opcodes.PUTFIELD, owner, name, value.type());
        line("%s.%s = %s;".formatted(object, name, value));
    }

    /// An expression for what it does; its value is dropped.
    public void run(Expr call) {
        call.pushTo(sink);
        switch (call.type().descriptorString()) {
            case "V" -> {}
            case "J", "D" -> sink.instruction(Opcodes.POP2);
            default -> sink.instruction(Opcodes.POP);
        }
        line("%s;".formatted(call));
    }

    /// `super(arguments);` in a constructor.
    public void superConstructor(Expr self, Method constructor, Expr... arguments) {
        self.pushTo(sink);
        for (Expr a : arguments) a.pushTo(sink);
        sink.call(constructor);
        line("super(%s);".formatted(Expr.list(arguments)));
    }

    /// `for (int name = from; name < to; name += step) { body }`; from, to and step are evaluated in each round, so they should be locals or constants.
    public void loop(String name, Expr from, Expr to, int step, Consumer<Expr> body) {
        int outer = nextSlot;
        String unique = fresh(name);
        from.pushTo(sink);
        int slot = allocate(CD_int);
        sink.store(CD_int, slot);
        Expr i = local(CD_int, unique, slot);
        Label test = sink.label();
        Label end = sink.label();
        sink.place(test);
        i.lessThan(to).jumpIfFalse(sink, end);
        line("for (int %s = %s; %s < %s; %s) {".formatted(i, from, i, to, step == 1 ? i + "++" : i + " += " + step));
        nested(() -> body.accept(i));
        line("}");
        sink.increment(slot, step);
        sink.jump(test);
        sink.place(end);
        nextSlot = outer;
    }

    public void loop(String name, Expr to, Consumer<Expr> body) {
        loop(name, Expr.of(0), to, 1, body);
    }

    /// `if (condition) { yes }`
    public void when(Condition condition, Runnable yes) {
        Label end = sink.label();
        condition.jumpIfFalse(sink, end);
        line("if (%s) {".formatted(condition));
        nested(yes);
        line("}");
        sink.place(end);
    }

    /// `if (condition) throw null;`
    public void refuse(Condition condition) {
        Label end = sink.label();
        condition.jumpIfFalse(sink, end);
        sink.instruction(Opcodes.ACONST_NULL);
        sink.instruction(Opcodes.ATHROW);
        line("if (%s) throw null;".formatted(condition));
        sink.place(end);
    }

    /// `if (condition) { yes } else { no }`
    public void when(Condition condition, Runnable yes, Runnable no) {
        Label otherwise = sink.label();
        Label end = sink.label();
        condition.jumpIfFalse(sink, otherwise);
        line("if (%s) {".formatted(condition));
        nested(yes);
        leave(end);
        sink.place(otherwise);
        line("} else {");
        nested(no);
        line("}");
        sink.place(end);
    }

    /// `switch (value) { case 0 -> ...; case 1 -> ...; default -> ... }`
    public void select(Expr value, List<Runnable> cases, Runnable otherwise) {
        value.pushTo(sink);
        Label[] labels = cases.stream().map(_ -> sink.label()).toArray(Label[]::new);
        Label other = sink.label();
        Label end = sink.label();
        line("switch (%s) {".formatted(value));
        if (labels.length == 0) sink.instruction(Opcodes.POP);
        else sink.select(0, labels.length - 1, other, labels);
        depth++;
        for (int i = 0; i < labels.length; i++) {
            sink.place(labels[i]);
            line("case %d -> {".formatted(i));
            nested(cases.get(i));
            leave(end);
            line("}");
        }
        sink.place(other);
        line("default -> {");
        nested(otherwise);
        line("}");
        depth--;
        line("}");
        sink.place(end);
    }

    private void leave(Label end) {
        if (!ended) sink.jump(end);
    }

    private void nested(Runnable body) {
        int outer = nextSlot;
        depth++;
        body.run();
        depth--;
        nextSlot = outer;
    }

    /// `return;`
    public void end() {
        sink.instruction(Opcodes.RETURN);
        line("return;");
        ended = true;
    }

    /// `return value;`
    public void end(Expr value) {
        value.pushTo(sink);
        sink.instruction(Types.opcode(value.type(), Opcodes.IRETURN));
        line("return %s;".formatted(value));
        ended = true;
    }

    /// What follows comes from this line of the source file.
    public void at(int lineNumber) {
        sink.line(lineNumber);
    }

    /// A comment of the listing.
    public void comment(String text) {
        line("// %s".formatted(text));
    }

    private void line(String text) {
        listing.repeat("    ", depth).append(text).append('\n');
        ended = false;
    }
}

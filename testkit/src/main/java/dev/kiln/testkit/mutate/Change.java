package dev.kiln.testkit.mutate;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// One way to alter an instruction: the mistakes of people who write rules (a sign, a factor, a dropped term, the wrong function, a turned condition, one off).
record Change(String what, Consumer<CodeBuilder> code) {
    private static final ClassDesc FN = desc(Fn.class);
    private static final ClassDesc VALUE = desc(Value.class);
    private static final ClassDesc OPS = desc(Ops.class);
    private static final ClassDesc FUNCTIONS = desc(Functions.class);

    private static final Map<String, String> OTHER_FUNCTION = Map.ofEntries(
            Map.entry("ADD", "SUB"), Map.entry("SUB", "ADD"), Map.entry("MUL", "ADD"), Map.entry("DIV", "MUL"), Map.entry("MAX", "MIN"), Map.entry("MIN", "MAX"), Map.entry("LESS", "LESS_EQUAL"),
            Map.entry("LESS_EQUAL", "LESS"), Map.entry("NEG", "ABS"), Map.entry("SQRT", "RSQRT"), Map.entry("RSQRT", "SQRT"), Map.entry("EXP", "EXPM1"), Map.entry("LOG", "LOG1P"), Map.entry("SIN", "COS"));

    private static final Map<Opcode, Opcode> OTHER_OPERATOR = Map.ofEntries(
            Map.entry(Opcode.IADD, Opcode.ISUB), Map.entry(Opcode.ISUB, Opcode.IADD), Map.entry(Opcode.IMUL, Opcode.IADD), Map.entry(Opcode.IDIV, Opcode.IMUL), Map.entry(Opcode.LADD, Opcode.LSUB),
            Map.entry(Opcode.LSUB, Opcode.LADD), Map.entry(Opcode.LMUL, Opcode.LADD), Map.entry(Opcode.DADD, Opcode.DSUB), Map.entry(Opcode.DSUB, Opcode.DADD), Map.entry(Opcode.DMUL, Opcode.DDIV), Map.entry(Opcode.DDIV, Opcode.DMUL));

    private static final Map<Opcode, Opcode> OTHER_WAY = Map.ofEntries(
            Map.entry(Opcode.IFEQ, Opcode.IFNE), Map.entry(Opcode.IFNE, Opcode.IFEQ), Map.entry(Opcode.IFLT, Opcode.IFGE), Map.entry(Opcode.IFGE, Opcode.IFLT), Map.entry(Opcode.IFGT, Opcode.IFLE), Map.entry(Opcode.IFLE, Opcode.IFGT),
            Map.entry(Opcode.IF_ICMPEQ, Opcode.IF_ICMPNE), Map.entry(Opcode.IF_ICMPNE, Opcode.IF_ICMPEQ), Map.entry(Opcode.IF_ICMPLT, Opcode.IF_ICMPGE), Map.entry(Opcode.IF_ICMPGE, Opcode.IF_ICMPLT),
            Map.entry(Opcode.IF_ICMPGT, Opcode.IF_ICMPLE), Map.entry(Opcode.IF_ICMPLE, Opcode.IF_ICMPGT));

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    /// The ways to alter one element.
    static List<Change> of(CodeElement element, ClassDesc returned) {
        var changes = new ArrayList<Change>();
        switch (element) {
            case OperatorInstruction o when OTHER_OPERATOR.containsKey(o.opcode()) -> changes.add(new Change(words(OTHER_OPERATOR.get(o.opcode())) + " for " + words(o.opcode()), b -> b.with(OperatorInstruction.of(OTHER_OPERATOR.get(o.opcode())))));
            case ConstantInstruction c when c.constantValue() instanceof Integer n -> changes.add(new Change("%d for %d".formatted(off(n), n), b -> b.loadConstant(off(n))));
            case ConstantInstruction c when c.constantValue() instanceof Long n -> changes.add(new Change("%d for %d".formatted(n + 1, n), b -> b.loadConstant(n + 1)));
            case ConstantInstruction c when c.constantValue() instanceof Double n -> changes.add(new Change("%s for %s".formatted(other(n), n), b -> b.loadConstant(other(n))));
            case BranchInstruction branch when OTHER_WAY.containsKey(branch.opcode()) -> changes.add(new Change("a condition turned round", b -> b.branch(OTHER_WAY.get(branch.opcode()), branch.target())));
            case FieldInstruction f when f.typeSymbol().equals(FN) && f.owner().asSymbol().equals(FUNCTIONS) && OTHER_FUNCTION.containsKey(f.name().stringValue()) -> {
                String other = OTHER_FUNCTION.get(f.name().stringValue());
                changes.add(new Change(other.toLowerCase(Locale.ROOT) + " for " + f.name().stringValue().toLowerCase(Locale.ROOT), b -> b.getstatic(FUNCTIONS, other, FN)));
            }
            case InvokeInstruction call when call.owner().asSymbol().equals(OPS) && call.typeSymbol().returnType().equals(VALUE) -> ofCall(call, changes);
            case ReturnInstruction r when r.opcode() == Opcode.ARETURN && returned.equals(VALUE) -> changes.add(new Change("nothing is given", b -> b.pop().aconst_null().areturn()));
            default -> {}
        }
        return changes;
    }

    /// `Ops.neg(g, x)` becomes x, `Ops.sub(g, a, b)` becomes b - a or a.
    private static void ofCall(InvokeInstruction call, List<Change> changes) {
        var operands = call.typeSymbol().parameterList();
        String name = call.name().stringValue();
        if (operands.size() == 2 && operands.get(1).equals(VALUE)) changes.add(new Change(name + " left out", b -> b.swap().pop()));
        if (operands.size() != 3 || !operands.get(1).equals(VALUE) || !operands.get(2).equals(VALUE)) return;
        changes.add(new Change("the second operand of " + name + " dropped", b -> b.pop().swap().pop()));
        if (name.equals("sub") || name.equals("div")) changes.add(new Change("the operands of " + name + " swapped", b -> b.swap().with(call)));
    }

    private static int off(int n) {
        return n == 1 ? 0 : n + 1;
    }

    private static double other(double n) {
        return n == 0 ? 1 : -n;
    }

    private static String words(Opcode opcode) {
        return opcode.name().toLowerCase(Locale.ROOT).substring(1);
    }
}

package dev.kiln.testkit.mutate;

import dev.kiln.compiler.graph.Draw;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The mutants of a class, and the class as one of them.
final class Classes {
    private static final ClassDesc DRAW = Draw.class.describeConstable().orElseThrow();

    private Classes() {}

    static byte[] bytes(String type) {
        try (InputStream in = Classes.class.getClassLoader().getResourceAsStream(type + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param wanted which methods, by name
    static List<Mutant> mutants(String type, Predicate<String> wanted) {
        var mutants = new ArrayList<Mutant>();
        var model = model(type);
        var examples = examples(model);
        for (MethodModel method : model.methods())
            if (method.code().isPresent() && wanted.test(method.methodName().stringValue()) && !examples.contains(id(method))) mutants(type, method, mutants);
        return mutants;
    }

    private static ClassModel model(String type) {
        return ClassFile.of().parse(bytes(type));
    }

    /// What draws a test's data is no rule, nor is what only that calls.
    private static Set<String> examples(ClassModel model) {
        var callers = new HashMap<String, Set<String>>();
        var examples = new HashSet<String>();
        for (MethodModel method : model.methods()) {
            if (method.methodTypeSymbol().parameterList().contains(DRAW)) examples.add(id(method));
            method.code().ifPresent(code -> called(model, code).forEach(callee -> callers.computeIfAbsent(callee, _ -> new HashSet<>()).add(id(method))));
        }
        int before;
        do {
            before = examples.size();
            callers.forEach((callee, by) -> {
                if (examples.containsAll(by)) examples.add(callee);
            });
        } while (examples.size() > before);
        return examples;
    }

    /// The methods of the class itself that the code calls or hands on.
    private static List<String> called(ClassModel model, CodeModel code) {
        var called = new ArrayList<String>();
        for (CodeElement e : code) {
            if (e instanceof InvokeInstruction call && call.owner().equals(model.thisClass())) called.add(call.name().stringValue() + call.type().stringValue());
            if (e instanceof InvokeDynamicInstruction handed)
                for (var argument : handed.bootstrapArgs())
                    if (argument instanceof DirectMethodHandleDesc handle && handle.owner().equals(model.thisClass().asSymbol())) called.add(handle.methodName() + handle.lookupDescriptor());
        }
        return called;
    }

    private static String id(MethodModel method) {
        return method.methodName().stringValue() + method.methodType().stringValue();
    }

    private static void mutants(String type, MethodModel method, List<Mutant> mutants) {
        int line = 0;
        int element = 0;
        List<CodeElement> elements = method.code().orElseThrow().elementList();
        for (CodeElement e : elements) {
            if (e instanceof LineNumber l) line = l.line();
            var changes = countsArguments(elements, element) || givesNothing(elements, element) ? List.<Change>of() : Change.of(e, method.methodTypeSymbol().returnType());
            for (int change = 0; change < changes.size(); change++) mutants.add(new Mutant(type, id(method), element, change, line, changes.get(change).what()));
            element++;
        }
    }

    /// The length and the places of an array of arguments are the Java compiler's business.
    private static boolean countsArguments(List<CodeElement> elements, int at) {
        boolean length = at + 1 < elements.size() && elements.get(at + 1) instanceof NewReferenceArrayInstruction;
        boolean place = at > 0 && elements.get(at - 1) instanceof StackInstruction s && s.opcode() == Opcode.DUP;
        return elements.get(at) instanceof ConstantInstruction && (length || place);
    }

    /// `return null` gives nothing as it is.
    private static boolean givesNothing(List<CodeElement> elements, int at) {
        return at > 0 && elements.get(at) instanceof ReturnInstruction && elements.get(at - 1) instanceof ConstantInstruction c && c.opcode() == Opcode.ACONST_NULL;
    }

    static byte[] altered(Mutant mutant) {
        var model = model(mutant.type());
        return ClassFile.of().transformClass(model, ClassTransform.transformingMethodBodies(m -> id(m).equals(mutant.method()), altering(mutant, model)));
    }

    private static CodeTransform altering(Mutant mutant, ClassModel model) {
        var method = model.methods().stream().filter(m -> id(m).equals(mutant.method())).findFirst().orElseThrow();
        var returned = method.methodTypeSymbol().returnType();
        return CodeTransform.ofStateful(() -> {
            int[] element = {0};
            return (builder, e) -> {
                if (element[0]++ == mutant.element()) Change.of(e, returned).get(mutant.change()).code().accept(builder);
                else builder.with(e);
            };
        });
    }
}

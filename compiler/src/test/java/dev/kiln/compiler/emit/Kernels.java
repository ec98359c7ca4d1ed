package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.runtime.Width;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

/// Emits, verifies (with both verifiers) and loads kernels.
final class Kernels {
    private record Place(KernelKey key, Width width) {}

    private static final Map<Place, MethodHandle> LOADED = new HashMap<>();

    private Kernels() {}

    private static final class Loader extends ClassLoader {
        Class<?> define(GeneratedClass c) {
            return defineClass(c.name().packageName() + "." + c.name().displayName(), c.bytes(), 0, c.bytes().length);
        }
    }

    static Class<?> define(GeneratedClass generated) {
        return new Loader().define(generated);
    }

    /// The handle of the kernel's `run`.
    static synchronized MethodHandle load(KernelKey key, Width width) {
        return LOADED.computeIfAbsent(new Place(key, width), _ -> {
            List<GeneratedClass> generated = KernelEmitter.emit(key, width, "test");
            generated.forEach(Kernels::verify);
            var loader = new Loader();
            Class<?> defined = generated.stream().map(loader::define).toList().getFirst();
            try {
                Method run = List.of(defined.getMethods()).stream().filter(m -> m.getName().equals("run")).findFirst().orElseThrow();
                return MethodHandles.publicLookup().unreflect(run);
            } catch (IllegalAccessException e) {
                throw new LinkageError("the kernel is not public", e);
            }
        });
    }

    static void run(KernelKey key, Width width, Object... arguments) {
        try {
            load(key, width).invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// The vector operations in the vector code of `run`, constants and changes of type aside.
    static int vectorOperations(GeneratedClass generated) {
        var free = List.of("broadcast", "reinterpretAsInts", "reinterpretAsFloats");
        int[] count = {0};
        for (var method : ClassFile.of().parse(generated.bytes()).methods())
            method.code().ifPresent(code -> code.forEach(element -> {
                if (element instanceof InvokeInstruction call && call.owner().asInternalName().startsWith("jdk/incubator/vector/") && !free.contains(call.name().stringValue())) count[0]++;
            }));
        return count[0];
    }

    static void verify(GeneratedClass generated) {
        assertEquals(List.of(), ClassFile.of().verify(generated.bytes()), generated.listing());
        var out = new StringWriter();
        CheckClassAdapter.verify(new ClassReader(generated.bytes()), Kernels.class.getClassLoader(), false, new PrintWriter(out));
        assertEquals("", out.toString(), generated.listing());
    }
}

package dev.kiln.bench;

import static java.lang.invoke.MethodHandles.publicLookup;

import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.emit.KernelEmitter;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;

/// One tile kernel, as a driver calls it on a long product of packed weights: its rows lie in the first cache, its panels in the second.
///
/// @param ofVectors their width
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
record TileContender(TileKey key, Width ofVectors, MethodHandle kernel, float[] a, float[] b, float[] c) implements Contender {
    static final int K = 512;
    private static final int CALLS = 16;

    static TileContender of(TileKey key, Width width) {
        float[] a = Subject.random(key.rows() * K, 1);
        float[] b = Subject.random(Math.max(key.columns(), TileKey.PANEL) * K, 2);
        return new TileContender(key, width, load(key, width), a, b, new float[key.rows() * key.columns()]);
    }

    private static MethodHandle load(KernelKey key, Width width) {
        List<GeneratedClass> generated = KernelEmitter.emit(key, width, "dev.kiln.bench.tiles");
        var loader = new Loader();
        Class<?> kernel = generated.stream().map(loader::define).toList().getFirst();
        try {
            return publicLookup().findStatic(kernel, "run", MethodType.fromMethodDescriptorString(key.descriptor().descriptorString(), loader));
        } catch (ReflectiveOperationException e) {
            throw new BenchException("the kernel '" + key + "' cannot be loaded: " + e, e);
        }
    }

    /// For the kernel and the blocks that it calls.
    private static final class Loader extends ClassLoader {
        Loader() {
            super(TileContender.class.getClassLoader());
        }

        Class<?> define(GeneratedClass c) {
            return defineClass(c.name().packageName() + "." + c.name().displayName(), c.bytes(), 0, c.bytes().length);
        }
    }

    @Override
    public String name() {
        return "kiln " + width() + " bit";
    }

    @Override
    public Role role() {
        return Role.OURS;
    }

    @Override
    public int width() {
        return 32 * ofVectors.lanes();
    }

    @Override
    public double flops() {
        return 2.0 * key.rows() * key.columns() * K * CALLS;
    }

    @Override
    public void run() {
        int columns = key.columns();
        try {
            // every start is legal: the bias is a row of b, the residual what the call before has left
            for (int i = 0; i < CALLS; i++) kernel.invokeExact(K, a, 0, b, 0, c, 0, b, 0, a, 0, K, 1, TileKey.PANEL, TileKey.PANEL * K, columns, K, 1, 0, 0, 1, 0, 0);
        } catch (Throwable t) {
            throw new BenchException("the kernel '" + key + "' failed: " + t, t);
        }
    }

    @Override
    public float[] output() {
        return c;
    }

    @Override
    public void close() {}
}

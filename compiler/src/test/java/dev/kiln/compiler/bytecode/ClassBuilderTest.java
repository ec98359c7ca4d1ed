package dev.kiln.compiler.bytecode;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ClassBuilderTest {
    private static final Set<AccessFlag> PUBLIC_STATIC = Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC);
    private static final ClassDesc NAME = ClassDesc.of("test", "Generated");

    private static final class Loader extends ClassLoader {
        Class<?> define(GeneratedClass c) {
            return defineClass("test.Generated", c.bytes(), 0, c.bytes().length);
        }
    }

    private static Class<?> define(GeneratedClass generated) {
        assertEquals(List.of(), ClassFile.of().verify(generated.bytes()), generated.listing());
        return new Loader().define(generated);
    }

    private static GeneratedClass method(MethodTypeDesc type, List<String> parameters, BiConsumer<Code, List<Expr>> body) {
        var builder = new ClassBuilder(NAME, "demo.nn", Limits.PLAIN);
        builder.method(PUBLIC_STATIC, "run", type, parameters, body);
        return builder.build();
    }

    private static Object run(GeneratedClass generated, Object... arguments) {
        try {
            var run = List.of(define(generated).getMethods()).stream().filter(m -> m.getName().equals("run")).findFirst().orElseThrow();
            MethodHandle handle = MethodHandles.publicLookup().unreflect(run);
            return handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsBuiltReadsAsJava() {
        var generated = method(MethodTypeDesc.of(CD_int, CD_int.arrayType(), CD_int), List.of("values", "n"), (code, p) -> {
            Expr sum = code.let("sum", Expr.of(0));
            code.loop("i", p.get(1), i -> code.when(p.get(0).at(i).remainder(Expr.of(2)).equalTo(Expr.of(0)),
                    () -> code.set(sum, sum.plus(p.get(0).at(i).times(i.plus(1)))),
                    () -> code.increment(sum, -1)));
            code.end(sum.times(2));
        });
        assertEquals("""
                public final class Generated {

                    public static int run(int[] values, int n) {
                        int sum = 0;
                        for (int i = 0; i < n; i++) {
                            if (values[i] % 2 == 0) {
                                sum = sum + values[i] * (i + 1);
                            } else {
                                sum += -1;
                            }
                        }
                        return sum * 2;
                    }
                }
                """, generated.listing());
        assertEquals(2 * (4 - 1 + 6 * 3), run(generated, new int[] {4, 3, 6}, 3));
    }

    @Test
    void aSwitchTakesItsCaseOrTheDefault() {
        var generated = method(MethodTypeDesc.of(CD_String, CD_int), List.of("i"), (code, p) -> {
            Expr text = code.let("text", Expr.of("none"));
            code.select(p.getFirst(), List.of(() -> code.set(text, Expr.of("zero")), () -> code.end(Expr.of("one"))), () -> code.set(text, Expr.of("other")));
            code.end(text);
        });
        assertEquals("zero", run(generated, 0));
        assertEquals("one", run(generated, 1));
        assertEquals("other", run(generated, 2));
        assertEquals("other", run(generated, -1));
    }

    @Test
    void comparisonsWithNaNAreFalseInBothDirections() {
        var generated = method(MethodTypeDesc.of(CD_int, CD_float, CD_float), List.of("x", "y"), (code, p) -> {
            Expr bits = code.let("bits", Expr.of(0));
            var conditions = List.of(p.get(0).lessThan(p.get(1)), p.get(0).atMost(p.get(1)), p.get(0).moreThan(p.get(1)), p.get(0).atLeast(p.get(1)), p.get(0).equalTo(p.get(1)));
            for (int i = 0; i < conditions.size(); i++) {
                int bit = 1 << i;
                code.when(conditions.get(i), () -> code.set(bits, bits.or(Expr.of(bit))));
                code.when(conditions.get(i).not(), () -> code.set(bits, bits.or(Expr.of(bit << 8))));
            }
            code.end(bits);
        });
        assertEquals(0x1F00, run(generated, Float.NaN, 1f));
        assertEquals(0x0003 | 0x1C00, run(generated, 0f, 1f));
        assertEquals(0x001A | 0x0500, run(generated, 1f, 1f));
    }

    @Test
    void widerTypesTakeTheirTwoSlots() {
        var generated = method(MethodTypeDesc.of(CD_double, CD_long, CD_double, CD_int), List.of("a", "b", "c"), (code, p) -> {
            Expr square = code.let("square", p.get(0).times(p.get(0)));
            Expr isBig = code.let("big", square.moreThan(Expr.of(100L)).and(p.get(1).lessThan(Expr.of(0.0)).not()).value());
            code.when(Condition.of(isBig), () -> code.end(square.cast(CD_double).plus(p.get(1))));
            code.end(p.get(2).cast(CD_double).negate().when(p.get(2).differsFrom(Expr.of(7)), Expr.of(0.5)));
        });
        assertEquals(121.25, run(generated, 11L, 0.25, 3));
        assertEquals(-3.0, run(generated, 11L, -0.25, 3));
        assertEquals(0.5, run(generated, 2L, 1.0, 7));
    }

    @Test
    void aClassHasFieldsConstructorsAndArrays() throws ReflectiveOperationException {
        var builder = new ClassBuilder(NAME, CD_Object, List.of(ClassDesc.of("java.util.function.IntUnaryOperator")), "demo.nn", Limits.PLAIN);
        builder.field(Set.of(AccessFlag.PRIVATE), "table", CD_int.arrayType());
        builder.method(Set.of(AccessFlag.PUBLIC), "<init>", MethodTypeDesc.of(CD_void), List.of(), (code, p) -> {
            code.superConstructor(p.getFirst(), Method.constructor(CD_Object));
            code.storeField(p.getFirst(), NAME, "table", Expr.arrayOf(CD_int, Expr.of(5), Expr.of(-70000), Expr.of(300)));
        });
        builder.method(Set.of(AccessFlag.PUBLIC), "applyAsInt", MethodTypeDesc.of(CD_int, CD_int), List.of("i"), (code, p) -> {
            code.at(42);
            code.end(p.get(0).field(NAME, "table", CD_int.arrayType()).at(p.get(1)));
        });
        Object made = define(builder.build()).getConstructor().newInstance();
        var apply = made.getClass().getMethod("applyAsInt", int.class);
        assertEquals(-70000, apply.invoke(made, 1));
        Throwable failure = assertThrows(InvocationTargetException.class, () -> apply.invoke(made, 3)).getCause();
        assertEquals("demo.nn", failure.getStackTrace()[0].getFileName());
        assertEquals(42, failure.getStackTrace()[0].getLineNumber());
    }

    @Test
    void vectorsAliveAtOnceAreCountedAcrossLoops() {
        var species = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
        var vector = ClassDesc.of("jdk.incubator.vector.FloatVector");
        Expr width = Expr.staticField(vector, "SPECIES_256", species);
        Method zero = Method.ofStatic(vector, "broadcast", vector, species, CD_float);
        var add = Method.of(vector, "add", vector, ClassDesc.of("jdk.incubator.vector.Vector"));
        var builder = new ClassBuilder(NAME, "demo.nn", new Limits(6000, 2, 2));
        builder.method(PUBLIC_STATIC, "run", MethodTypeDesc.of(CD_void, CD_int), List.of("n"), (code, p) -> {
            Expr a = code.let("a", Expr.callStatic(zero, width, Expr.of(1f)));
            Expr b = code.let("b", Expr.callStatic(zero, width, Expr.of(2f)));
            Expr c = code.let("c", Expr.callStatic(zero, width, Expr.of(3f)));
            code.loop("i", p.getFirst(), _ -> {
                code.set(a, a.call(add, b));
                code.set(c, c.call(add, a));
            });
        });
        String message = assertThrows(LimitException.class, builder::build).getMessage();
        assertEquals("Generated.run has 3 vectors alive at once, at most 2 are allowed", message);
    }

    @Test
    void tooMuchCodeIsRefusedWithItsNumber() {
        var error = assertThrows(LimitException.class, () -> method(MethodTypeDesc.of(CD_boolean, CD_int), List.of("n"), (code, p) -> {
            for (int i = 0; i < 2000; i++) code.increment(p.getFirst(), 1000);
            code.end(Expr.of(true));
        }));
        assertTrue(error.getMessage().contains("has 12002 bytes of code, at most 7900"), error.getMessage());
    }
}

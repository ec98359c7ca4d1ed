package dev.kiln.testkit.junit;

import dev.kiln.testkit.gradient.ModelCheck.Wrt;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// Checks the gradients of a `.nn` file: one test for each of its networks, its properties and its `gradient(…)`. The method runs after each check that passes and may take its [dev.kiln.testkit.gradient.ModelReport].
/// ```java
/// @GradientCheck("src/main/nn/digits.nn")
/// void gradientsAreRight() {}
/// ```
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(GradientCheckExtension.class)
public @interface GradientCheck {
    /// The file, seen from the folder the tests run in, or a resource on the class path.
    String value();

    /// What moves.
    Wrt wrt() default Wrt.PARAM;

    /// How many samples of each network.
    int tries() default 1;

    long seed() default 1;

    /// Whether second derivatives of networks are checked as well, each network in a test of its own.
    boolean second() default false;

    /// Sizes of symbolic dims, such as `"N=3"`; those left out are drawn.
    String[] bind() default {};
}

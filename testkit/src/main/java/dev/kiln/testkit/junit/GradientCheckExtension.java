package dev.kiln.testkit.junit;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.testkit.gradient.Blame;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.ModelCheck;
import dev.kiln.testkit.gradient.ModelReport;
import dev.kiln.testkit.gradient.PropertyRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/// What [GradientCheck] stands for.
final class GradientCheckExtension implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(GradientCheck.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        GradientCheck asked = context.getRequiredTestMethod().getAnnotation(GradientCheck.class);
        Checking checking = Compiler.of(context.getRequiredTestClass().getClassLoader()).check(source(asked.value(), context.getRequiredTestClass()));
        if (!checking.problems().isEmpty()) throw new AssertionError(checking.problems().toString());
        Stream<Check> properties = checking.checked().properties().stream().map(p -> new Check(p.title(), () -> report(PropertyRun.of(p, asked.seed()))));
        var settings = settings(asked);
        var orders = asked.second() ? List.of(settings, settings.ofSecondOrder()) : List.of(settings);
        Stream<Check> networks = checking.checked().models().stream().flatMap(m -> orders.stream().map(s -> new Check(m.program().name() + (s.second() ? ", second derivatives" : ""), () -> ModelCheck.check(m.program(), s, _ -> {}))));
        return Stream.concat(properties, networks).map(check -> check);
    }

    private static SourceFile source(String name, Class<?> test) {
        try {
            if (Files.isRegularFile(Path.of(name))) return SourceFile.read(Path.of(name));
            try (InputStream resource = test.getResourceAsStream(name.startsWith("/") ? name : "/" + name)) {
                if (resource == null) throw new IllegalArgumentException("neither a file nor a resource: " + name);
                return new SourceFile(name, new String(resource.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelCheck.Settings settings(GradientCheck asked) {
        Map<String, Long> sizes = Arrays.stream(asked.bind()).map(b -> b.split("=", 2)).collect(Collectors.toMap(b -> b[0].strip(), b -> Long.parseLong(b[1].strip())));
        return new ModelCheck.Settings(asked.wrt(), asked.tries(), Duration.ofDays(1), asked.seed(), sizes);
    }

    /// A property fails here at once; its findings are those of a report without failure.
    private static ModelReport report(PropertyRun.Outcome outcome) {
        outcome.failure().ifPresent(failure -> {
            throw new AssertionError(failure.toString());
        });
        return new ModelReport(outcome.title(), outcome.findings(), 0, Optional.empty());
    }

    /// One test: it checks before the method runs and hands the method its report.
    private static final class Check implements TestTemplateInvocationContext, BeforeTestExecutionCallback, ParameterResolver {
        private final String name;
        private final Supplier<ModelReport> check;
        private ModelReport report;

        Check(String name, Supplier<ModelReport> check) {
            this.name = name;
            this.check = check;
        }

        @Override
        public String getDisplayName(int invocation) {
            return name;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public void beforeTestExecution(ExtensionContext context) {
            context.publishReportEntry("gradients", report().counts());
            report().failure().ifPresent(failure -> {
                String wrong = report().findings().stream().filter(Finding::failed).map(Finding::toString).collect(Collectors.joining("\n  "));
                throw new AssertionError("%s%n  %s%n  seed %d".formatted(failure.blame().map(Blame::toString).orElse("GRADCHECK FAILED: every node on its own is right, so it is how gradients are added up"), wrong, failure.seed()));
            });
        }

        private ModelReport report() {
            if (report == null) report = check.get();
            return report;
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(ModelReport.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return report();
        }
    }
}

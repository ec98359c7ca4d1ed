package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.WeightsLayout;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.memory.Planned;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.schedule.Step;
import dev.kiln.runtime.Model;
import dev.kiln.runtime.ParameterSpec;
import dev.kiln.runtime.StepFacts;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A program as classes, and what the runtime has to know of them.
/// @param steps what the jar says about the steps of each entry
public record Emitted(Program program, List<GeneratedClass> classes, Model model, Map<String, List<StepFacts>> steps) {
    /// Classes for every width.
    /// @param sourceFile what stack traces name
    /// @param facts      for the model's description
    public static Emitted of(Planned planned, String sourceFile, Map<String, String> facts) {
        var base = packageName(planned.program());
        var classes = new ArrayList<GeneratedClass>();
        Set<KernelKey> keys = new LinkedHashSet<>();
        for (var plan : planned.entries()) keys.addAll(plan.steps().keys());
        Map<ClassDesc, GeneratedClass> kernels = new LinkedHashMap<>();
        for (var key : keys) for (var width : Width.values()) KernelEmitter.emit(key, width, base).forEach(c -> kernels.putIfAbsent(c.name(), c));
        classes.addAll(kernels.values());
        var entries = new LinkedHashMap<String, String>();
        for (var plan : planned.entries()) entries.put(plan.steps().entry().name(), entry(plan, planned, base, sourceFile, classes));
        var typed = ClassDesc.of(base, JavaNames.of(planned.program().name()));
        classes.addAll(new ModelEmitter(planned.program(), typed, sourceFile).emit());
        var model = new Model(planned.program().name(), base + "." + typed.displayName(), parameters(planned.program(), planned.weights()), entries, facts, planned.program().vocabularies(), planned.program().texts());
        var steps = new LinkedHashMap<String, List<StepFacts>>();
        for (var plan : planned.entries()) steps.put(plan.steps().entry().name(), plan.steps().steps().stream().map(step -> facts(step, plan)).toList());
        return new Emitted(planned.program(), classes, model, steps);
    }

    /// The package of a network's classes: its name in lower case.
    public static String packageName(Program program) {
        return JavaNames.of(program.name().toLowerCase(Locale.ROOT));
    }

    private static String entry(Plan plan, Planned planned, String base, String sourceFile, List<GeneratedClass> classes) {
        var name = plan.steps().entry().name();
        var rehearsals = Rehearsal.of(plan.steps());
        var drivers = new EnumMap<Width, ClassDesc>(Width.class);
        for (var width : Width.values()) {
            var driver = ClassDesc.of(base + "." + KernelKey.packageName(width), capital(name));
            classes.add(new DriverEmitter(plan, width, (key, w) -> KernelEmitter.name(key, w, base), rehearsals).emit(driver, sourceFile));
            drivers.put(width, driver);
        }
        var code = ClassDesc.of(base, capital(name) + "Entry");
        classes.add(new EntryEmitter(plan, planned.program().checks(), drivers, rehearsals).emit(code, sourceFile));
        return base + "." + capital(name) + "Entry";
    }

    private static StepFacts facts(Step step, Plan plan) {
        long times = step.work().isEmpty() ? 0 : 1;
        var by = new ArrayList<Integer>();
        for (var factor : step.work()) {
            if (factor.isConstant()) times = Math.multiplyExact(times, factor.toInt());
            else by.add(plan.index(IndexExpr.size(factor)));
        }
        return new StepFacts(step.name(), step.origin().map(o -> o.file().substring(o.file().lastIndexOf('/') + 1) + ":" + o.line()).orElse(""), times, by);
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static List<ParameterSpec> parameters(Program program, WeightsLayout weights) {
        var byName = program.parameters().byName();
        return weights.storages().entrySet().stream().map(e -> spec(byName.get(e.getKey()), e.getValue())).toList();
    }

    private static ParameterSpec spec(Parameter p, Storage storage) {
        var role = switch (p.role()) {
            case WEIGHT -> ParameterSpec.Role.WEIGHT;
            case STATE -> ParameterSpec.Role.STATE;
            case OPTIMIZER_STATE -> ParameterSpec.Role.OPTIMIZER_STATE;
        };
        var shape = WeightsLayout.numbers(p.type().shape());
        int panel = storage.panelled() ? Storage.PANEL : 0;
        return new ParameterSpec(p.name(), shape, role, storage.order(), panel, storage.buffer().place(), ParameterSpec.storedSize(shape, storage.order(), panel), p.initialiser(), p.decay() ? 1 : 0);
    }

    public String dump() {
        return classes.stream().map(GeneratedClass::listing).collect(Collectors.joining("\n"));
    }
}

package dev.kiln.compiler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The rooms of the compiler, from the ground up. A package uses only what stands before it; neighbours on one line do not use each other.
class LayersTest {
    private static final List<Set<String>> ORDER = List.of(
            Set.of("source"),
            Set.of("type"),
            Set.of("graph"),
            Set.of("function"),
            Set.of("op"),
            Set.of("syntax"),
            Set.of("check"),
            Set.of("reference"),
            Set.of("rewrite"),
            Set.of("autodiff"),
            Set.of("normalise", "study"),
            Set.of("kernel"),
            Set.of("group"),
            Set.of("layout"),
            Set.of("schedule"),
            Set.of("memory"),
            Set.of("bytecode"),
            Set.of("emit"),
            Set.of("pack"),
            Set.of("driver"),
            Set.of("api"));
    private static final String ROOT = "dev.kiln.compiler.";
    private static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.kiln.compiler");

    @Test
    void packagesUseOnlyWhatStandsBeforeThem() {
        var wrong = new TreeSet<String>();
        for (JavaClass c : CLASSES)
            for (var dependency : c.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass().getBaseComponentType();
                if (!target.getPackageName().startsWith(ROOT) || target.getPackageName().equals(c.getPackageName())) continue;
                if (layer(target) >= layer(c)) wrong.add(c.getPackageName() + " uses " + target.getName() + " in " + c.getSimpleName());
            }
        assertEquals(List.of(), new ArrayList<>(wrong));
    }

    @Test
    void everyPackageHasItsPlace() {
        var packages = new TreeSet<String>();
        for (JavaClass c : CLASSES) if (c.getPackageName().startsWith(ROOT)) packages.add(c.getPackageName().substring(ROOT.length()));
        var known = new TreeSet<String>();
        ORDER.forEach(known::addAll);
        assertEquals(known, packages);
    }

    @Test
    void onlyBytecodeKnowsAsm() {
        noClasses().that().resideOutsideOfPackage("dev.kiln.compiler.bytecode").should().dependOnClassesThat().resideInAPackage("org.objectweb.asm..").check(CLASSES);
    }

    private static int layer(JavaClass c) {
        var name = c.getPackageName().substring(ROOT.length());
        for (int i = 0; i < ORDER.size(); i++) if (ORDER.get(i).contains(name)) return i;
        throw new AssertionError(c.getName() + " is in no layer");
    }
}

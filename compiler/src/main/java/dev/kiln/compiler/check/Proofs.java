package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tests in the file: each becomes a closed graph that the interpreter evaluates.
final class Proofs {
    private final Module module;
    private final Shared shared;

    Proofs(Module module, Shared shared) {
        this.module = module;
        this.shared = shared;
    }

    TestCase test(Ast.Proof proof) {
        var in = new Elaboration(shared, new Elaboration.Mode(proof.inTraining(), proof.inTraining()));
        var site = new Site(new Scope(), new Frame(Frame.Kind.NETWORK, module, "", Optional.empty(), proof.span()));
        var expectations = new ArrayList<TestCase.Expectation>();
        for (Ast.Statement s : proof.body()) {
            switch (s) {
                case Ast.Expect e -> expect(e, in, site).ifPresent(expectations::add);
                case Ast.GradCheck _, Ast.ForAll _ -> in.fail(new CheckProblem.MisplacedStatement(s.span(), s instanceof Ast.ForAll ? "forall" : "gradcheck"));
                default -> in.statements().elaborate(s, site);
            }
        }
        var parameters = new Parameters(shared.parameters().values().stream().map(Shared.Declared::parameter).toList());
        return new TestCase(proof.span(), proof.title(), in.graph(), parameters, expectations);
    }

    static Optional<TestCase.Expectation> expect(Ast.Expect e, Elaboration in, Site site) {
        in.from(site, e.span(), "");
        site.frame().enter("expect", Optional.empty());
        Item item = e.near().isPresent() ? in.expressions().evaluate(e.actual(), site) : in.expressions().condition(e.actual(), site);
        if (item instanceof Item.Poison) return Optional.empty();
        Optional<Value> actual = in.arithmetic().tensor(item, e.actual().span(), site);
        if (actual.isEmpty()) return Optional.empty();
        if (e.near().isEmpty()) return Optional.of(new TestCase.Expectation(e.span(), actual.get(), Optional.empty()));
        Ast.Near near = e.near().get();
        Item other = in.expressions().evaluate(near.expected(), site);
        Optional<Double> within = in.expressions().number(near.within(), "a tolerance", site);
        Optional<Value> expected = other instanceof Item.Poison ? Optional.empty() : in.arithmetic().tensor(other, near.expected().span(), site);
        if (expected.isEmpty() || within.isEmpty()) return Optional.empty();
        List<Dim> shape = actual.get().type().shape();
        Value spread = expected.get().type().isScalar() ? in.tensors().broadcast(in.tensors().cast(expected.get(), DType.f32), shape, List.of()) : expected.get();
        if (!spread.type().shape().equals(shape)) {
            in.fail(new CheckProblem.ShapeMismatch(e.span(), "the two sides of near", actual.get().type().toString(), spread.type().toString(), List.of()));
            return Optional.empty();
        }
        return Optional.of(new TestCase.Expectation(e.span(), actual.get(), Optional.of(new TestCase.Near(spread, within.get()))));
    }
}

package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Applicable;
import dev.kiln.compiler.check.Item.Callable;
import dev.kiln.compiler.check.Item.Kind;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Calls: a Capitalised name with settings makes a layer; a layer or a function with inputs is elaborated in place.
final class Calls {
    private static final int DEEPEST = 200;
    private static final Set<String> TYPES = Set.of("int", "float", "bool", "string", "distribution", "schedule", "fn", "layer", "cell", "text", "vocabulary", "f32", "i32");
    private final Elaboration in;
    private int depth;

    Calls(Elaboration in) {
        this.in = in;
    }

    /// One argument.
    record Given(Optional<Ast.Name> name, Item item, Span span) {}

    /// `Dense(64)`
    Item make(Kind kind, List<Expr.Argument> arguments, Span span, Site site, Optional<String> as) {
        Ast.Block block = kind.block();
        in.shared().used().add(block);
        Optional<Map<String, Scope.Binding>> settings = settings(block.name().text(), block.settings(), kind.home(), arguments, span, site);
        if (settings.isEmpty()) return Item.Poison.MISTAKE;
        if (block.kind() == Ast.BlockKind.OPTIMIZER) return new Applicable(new Instance(block, kind.home(), "", settings.get(), span), Map.of());
        String path = site.frame().childPath(block.name().text(), as, span);
        var instance = new Instance(block, kind.home(), path, settings.get(), site.place(span));
        site.frame().made(instance);
        return new Applicable(instance, Map.of());
    }

    /// The settings of a block by name: given, or standard. Standards may use the settings before them.
    Optional<Map<String, Scope.Binding>> settings(String owner, List<Ast.Setting> declared, Module home, List<Expr.Argument> arguments, Span span, Site site) {
        var given = new LinkedHashMap<String, Expr.Argument>();
        boolean fine = true;
        int position = 0;
        for (Expr.Argument a : arguments) {
            Optional<String> name = a.name().map(Ast.Name::text);
            if (name.isEmpty()) {
                if (position >= declared.size()) {
                    in.fail(new CheckProblem.TooManyArguments(site.place(a.span()), owner, declared.size(), arguments.size()));
                    fine = false;
                    continue;
                }
                name = Optional.of(declared.get(position++).name().text());
            } else if (declared.stream().noneMatch(s -> s.name().text().equals(a.name().get().text()))) {
                in.fail(new CheckProblem.UnknownArgument(site.place(a.span()), owner, name.get(), Names.similar(name.get(), declared.stream().map(s -> s.name().text()).toList()), declared.stream().map(s -> s.name().text()).toList()));
                fine = false;
                continue;
            }
            if (given.put(name.get(), a) != null) {
                in.fail(new CheckProblem.ArgumentTwice(site.place(a.span()), owner, name.get()));
                fine = false;
            }
        }
        var scope = new Scope();
        var frame = Frame.ofSettings(home, site.place(span), site);
        var inner = new Site(scope, frame);
        for (Ast.Setting s : declared) {
            String name = s.name().text();
            Expr.Argument a = given.get(name);
            if (a == null && s.standard().isEmpty()) {
                if (fine) in.fail(new CheckProblem.MissingArgument(site.place(span), owner, name));
                fine = false;
                continue;
            }
            Item item = a != null ? setting(a.value(), s, site) : setting(s.standard().get(), s, inner);
            Item accepted = accept(item, s, owner, a != null ? a.span() : s.span(), a != null ? site : inner, inner);
            fine &= !(accepted instanceof Item.Poison);
            scope.bind(name, accepted, a != null ? a.span() : s.span());
        }
        return fine ? Optional.of(scope.own()) : Optional.empty();
    }

    private Item setting(Expr value, Ast.Setting setting, Site site) {
        boolean word = value instanceof Expr.Reference r && setting.kinds().stream().anyMatch(k -> k.name().text().equals(r.name())) && site.scope().find(r.name()).isEmpty();
        return word && value instanceof Expr.Reference r ? new Item.Word(r.name()) : in.expressions().evaluate(value, site);
    }

    /// One of the kinds must take it; a word only its own.
    private Item accept(Item item, Ast.Setting s, String owner, Span span, Site user, Site inner) {
        List<Expr.TypeName> kinds = s.kinds();
        if (item instanceof Item.Word(String w)) return kinds.stream().anyMatch(k -> k.name().text().equals(w)) ? item : in.fail(new CheckProblem.TypeMismatch(user.place(span), s.name().text() + " of " + owner, item.describe()));
        List<Expr.TypeName> types = kinds.stream().filter(k -> TYPES.contains(k.name().text())).toList();
        if (types.isEmpty()) return item instanceof Item.Poison ? item : in.fail(new CheckProblem.TypeMismatch(user.place(span), "one of the words " + String.join(", ", kinds.stream().map(k -> k.name().text()).toList()), item.describe()));
        return in.signatures().accept(types.getFirst(), item, s.name().text() + " of " + owner, span, user, inner);
    }

    Item call(Item callee, List<Given> given, Span span, Site site) {
        if (callee instanceof Item.Poison || given.stream().anyMatch(g -> g.item() instanceof Item.Poison)) return Item.Poison.MISTAKE;
        if (depth >= DEEPEST) return in.fail(new CheckProblem.RecursiveCall(site.place(span), callee.describe()));
        depth++;
        try {
            return switch (callee) {
                case Item.Intrinsic(String name) -> in.intrinsics().call(name, given, span, site);
                case Callable f -> function(f, given, span, site);
                case Applicable a -> a.isCell() ? cell(a, given, span, site) : layer(a, given, span, site);
                case Item.Repeated r -> in.cells().run(r, given, span, site);
                case Kind k -> call(make(k, List.of(), span, site, Optional.empty()), given, span, site);
                default -> in.fail(new CheckProblem.NotCallable(site.place(span), callee.describe()));
            };
        } finally {
            depth--;
        }
    }

    private Item function(Callable f, List<Given> given, Span span, Site site) {
        String name = f.function().name().text();
        in.shared().used().add(f.function());
        Optional<Map<String, Given>> arguments = arguments(name, f.function().inputs(), f.fixed(), given, span, site);
        if (arguments.isEmpty()) return Item.Poison.MISTAKE;
        Map<String, Item> fixed = fixed(f.fixed(), arguments.get());
        if (isOpen(f.function().inputs(), fixed, given)) return new Callable(f.function(), f.home(), fixed);
        var frame = new Frame(f.home(), site.frame().path(), Optional.empty(), site.place(span), site);
        frame.enter(site.frame().statement(), Optional.empty());
        var owner = new Site(new Scope(), frame);
        if (!inputs(name, f.function().inputs(), arguments.get(), fixed, span, site, owner)) return Item.Poison.MISTAKE;
        in.statements().elaborate(f.function().body(), owner);
        Item results = results(name, f.function().results(), f.function().span(), span, site, owner);
        return f.function().gradient().isEmpty() ? results : new Handwritten(in, f.function(), f.function().gradient().get(), owner).attach(results);
    }

    private Item layer(Applicable a, List<Given> given, Span span, Site site) {
        Instance instance = a.instance();
        Ast.Block block = instance.block();
        String name = block.name().text();
        Optional<Map<String, Given>> arguments = arguments(name, block.inputs(), a.fixed(), given, span, site);
        if (arguments.isEmpty()) return Item.Poison.MISTAKE;
        Map<String, Item> fixed = fixed(a.fixed(), arguments.get());
        if (isOpen(block.inputs(), fixed, given)) return new Applicable(instance, fixed);
        var frame = new Frame(instance.home(), instance.path(), Optional.of(instance), site.place(span), site);
        return body(instance, frame, arguments.get(), fixed, span, site);
    }

    /// One step. What is given to a state by name is what it begins with.
    private Item cell(Applicable a, List<Given> given, Span span, Site site) {
        Ast.Block block = a.instance().block();
        String name = block.name().text();
        List<String> states = CellStates.names(block);
        Map<String, Item> starts = new LinkedHashMap<>(a.fixed());
        starts.keySet().retainAll(states);
        Map<String, Item> before = new LinkedHashMap<>(a.fixed());
        before.keySet().removeAll(states);
        var inputs = new ArrayList<Given>();
        for (Given g : given) {
            if (g.name().isEmpty() || !states.contains(g.name().get().text())) inputs.add(g);
            else starts.put(g.name().get().text(), g.item());
        }
        boolean open = given.stream().allMatch(g -> g.name().isPresent()) && !given.isEmpty();
        Optional<Map<String, Given>> arguments = open && inputs.isEmpty() ? Optional.of(Map.of()) : arguments(name, block.inputs(), before, inputs, span, site);
        if (arguments.isEmpty()) return Item.Poison.MISTAKE;
        Map<String, Item> fixed = fixed(before, arguments.get());
        if (isOpen(block.inputs(), fixed, given) || (block.inputs().isEmpty() && !given.isEmpty())) {
            fixed.putAll(starts);
            return new Applicable(a.instance(), fixed);
        }
        if (in.loop().isEmpty()) return in.fail(new CheckProblem.CellWithoutTime(site.place(span), name));
        Loop loop = in.loop().get();
        if (!loop.enter(a.instance().path())) return in.fail(new CheckProblem.StepsTwice(site.place(span), name));
        Set<String> moved = loop.moved();
        Item made = body(a.instance(), Frame.ofCell(a.instance(), starts, site.place(span), site), arguments.get(), fixed, span, site);
        loop.made(a.instance().path(), moved);
        return made;
    }

    private Item body(Instance instance, Frame frame, Map<String, Given> arguments, Map<String, Item> fixed, Span span, Site site) {
        Ast.Block block = instance.block();
        String name = block.name().text();
        var owner = new Site(new Scope(), frame);
        instance.settings().forEach((n, b) -> owner.scope().bind(n, b.item(), b.place()));
        words(block, owner.scope());
        if (!inputs(name, block.inputs(), arguments, fixed, span, site, owner)) return Item.Poison.MISTAKE;
        in.statements().elaborate(block.body(), owner);
        in.sliceWrites().finish(owner);
        return results(name, block.results(), block.span(), span, site, owner);
    }

    /// The words that settings offer are known in the body: `if pad == same`.
    static void words(Ast.Block block, Scope scope) {
        for (Ast.Setting s : block.settings())
            for (Expr.TypeName kind : s.kinds())
                if (!TYPES.contains(kind.name().text()) && scope.find(kind.name().text()).isEmpty()) scope.bind(kind.name().text(), new Item.Word(kind.name().text()), kind.span());
    }

    private Optional<Map<String, Given>> arguments(String owner, List<Ast.Input> inputs, Map<String, Item> fixed, List<Given> given, Span span, Site site) {
        var byName = new LinkedHashMap<String, Given>();
        List<String> open = new ArrayList<>(inputs.stream().map(i -> i.name().text()).filter(n -> !fixed.containsKey(n)).toList());
        for (Given g : given) {
            if (g.name().isPresent()) {
                String name = g.name().get().text();
                if (inputs.stream().noneMatch(i -> i.name().text().equals(name))) {
                    List<String> known = inputs.stream().map(i -> i.name().text()).toList();
                    in.fail(new CheckProblem.UnknownArgument(site.place(g.span()), owner, name, Names.similar(name, known), known));
                    return Optional.empty();
                }
                if (byName.put(name, g) != null) {
                    in.fail(new CheckProblem.ArgumentTwice(site.place(g.span()), owner, name));
                    return Optional.empty();
                }
                open.remove(name);
            }
        }
        for (Given g : given) {
            if (g.name().isPresent()) continue;
            if (open.isEmpty()) {
                in.fail(new CheckProblem.TooManyArguments(site.place(g.span()), owner, inputs.size() - fixed.size(), given.size()));
                return Optional.empty();
            }
            byName.put(open.removeFirst(), g);
        }
        boolean named = given.stream().allMatch(g -> g.name().isPresent()) && !given.isEmpty();
        for (String name : open)
            if (!named && inputs.stream().anyMatch(i -> i.name().text().equals(name) && i.standard().isEmpty())) {
                in.fail(new CheckProblem.MissingArgument(site.place(span), owner, name));
                return Optional.empty();
            }
        return Optional.of(byName);
    }

    private static Map<String, Item> fixed(Map<String, Item> before, Map<String, Given> now) {
        var all = new LinkedHashMap<>(before);
        now.forEach((n, g) -> all.put(n, g.item()));
        return all;
    }

    /// A call by names alone that leaves inputs open is the same thing with these fixed.
    private static boolean isOpen(List<Ast.Input> inputs, Map<String, Item> fixed, List<Given> given) {
        return given.stream().allMatch(g -> g.name().isPresent()) && inputs.stream().anyMatch(i -> i.standard().isEmpty() && !fixed.containsKey(i.name().text()));
    }

    private boolean inputs(String name, List<Ast.Input> inputs, Map<String, Given> arguments, Map<String, Item> fixed, Span span, Site site, Site owner) {
        boolean fine = true;
        for (Ast.Input input : inputs) {
            String n = input.name().text();
            Item item = fixed.containsKey(n) ? fixed.get(n) : in.expressions().evaluate(input.standard().orElseThrow(), owner);
            Span place = arguments.containsKey(n) ? arguments.get(n).span() : span;
            Item accepted = in.signatures().accept(input.type(), item, n + " of " + name, place, site, owner);
            fine &= !(accepted instanceof Item.Poison);
            owner.scope().bind(n, accepted, place);
        }
        return fine;
    }

    /// What the body returned, as declared.
    private Item results(String name, List<Expr.TypeName> declared, Span body, Span span, Site site, Site owner) {
        Optional<List<Item>> result = owner.frame().result();
        if (result.isEmpty()) return in.fail(new CheckProblem.MissingReturn(owner.frame().home().isLibrary() ? site.place(span) : new Span(body.file(), body.start(), body.start()), name));
        if (result.get().contains(Item.Poison.MISTAKE)) return Item.Poison.MISTAKE;
        if (declared.isEmpty()) return result.get().size() == 1 ? result.get().getFirst() : new Item.Many(result.get());
        if (declared.size() != result.get().size()) return in.fail(new CheckProblem.ResultCount(owner.place(body), name, declared.size(), result.get().size()));
        var checked = new ArrayList<Item>();
        for (int i = 0; i < declared.size(); i++) checked.add(in.signatures().accept(declared.get(i), result.get().get(i), "the result of " + name, declared.get(i).span(), owner, owner));
        if (checked.contains(Item.Poison.MISTAKE)) return Item.Poison.MISTAKE;
        return checked.size() == 1 ? checked.getFirst() : new Item.Many(checked);
    }
}

package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/// The groups of an entry one after another: operands before users; what is prepared first, updates of parameters last, since they overwrite what others may still read.
final class Sequence {
    static List<Group> of(Entry entry, List<Group> groups, Set<Value> prepared) {
        var home = new HashMap<Value, Group>();
        for (var group : groups) for (var member : group.members()) home.put(member, group);
        var updates = entry.outputs(Output.Role.UPDATE).stream().map(o -> View.of(o.value()).base()).collect(Collectors.toSet());
        var waits = new HashMap<Group, Set<Group>>();
        var feeds = new HashMap<Group, Set<Group>>();
        for (var group : groups) {
            waits.put(group, new HashSet<>());
            for (var member : group.members())
                for (var operand : member.op().operands()) {
                    var from = home.get(View.of(operand).base());
                    if (from == null || from.equals(group)) continue;
                    waits.get(group).add(from);
                    feeds.computeIfAbsent(from, _ -> new HashSet<>()).add(group);
                }
        }
        int numbers = home.keySet().stream().mapToInt(Value::id).max().orElse(0) + 1;
        var rank = new HashMap<Group, Integer>();
        for (var group : groups) {
            int last = group.members().stream().mapToInt(Value::id).max().orElse(0);
            boolean isUpdate = group.writes().stream().anyMatch(updates::contains);
            boolean isPrepared = prepared.contains(group.members().getFirst());
            rank.put(group, isPrepared ? last - numbers : isUpdate ? last + numbers : last);
        }
        var ready = new PriorityQueue<Group>((a, b) -> Integer.compare(rank.get(a), rank.get(b)));
        groups.stream().filter(g -> waits.get(g).isEmpty()).forEach(ready::add);
        var order = new ArrayList<Group>();
        while (!ready.isEmpty()) {
            var group = ready.poll();
            order.add(group);
            for (var next : feeds.getOrDefault(group, Set.of())) {
                waits.get(next).remove(group);
                if (waits.get(next).isEmpty()) ready.add(next);
            }
        }
        if (order.size() != groups.size()) throw new IllegalStateException("groups of entry %s wait for each other".formatted(entry.name()));
        return order;
    }

    private Sequence() {}
}

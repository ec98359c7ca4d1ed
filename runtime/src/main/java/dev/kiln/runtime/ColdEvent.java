package dev.kiln.runtime;

import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// In a recording of Java Flight Recorder: the warm-up of an entry has ended, and some of its kernels still make boxes.
@Name("dev.kiln.Cold")
@Label("Cold kernels")
@Category("Kiln")
@Description("Steps of an entry whose vector kernels still allocated when its warm-up ended; the numbers are those of kiln profile --steps")
@StackTrace(false)
final class ColdEvent extends Event {
    @Label("Entry")
    String entry;

    @Label("Steps")
    String steps;

    static void commit(String entry, List<Integer> steps) {
        var event = new ColdEvent();
        event.entry = entry;
        event.steps = steps.toString();
        event.commit();
    }
}

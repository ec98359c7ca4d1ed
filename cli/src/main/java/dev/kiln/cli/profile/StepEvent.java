package dev.kiln.cli.profile;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One step of a network's entry in a recording of Java Flight Recorder.
@Name("dev.kiln.Step")
@Label("Network step")
@Category("Kiln")
@Description("A step of a compiled network, with the line of the .nn text that it comes from")
@StackTrace(false)
final class StepEvent extends Event {
    @Label("Step")
    int step;

    @Label("Name")
    String name;

    @Label("Place")
    String place;
}

package dev.kiln.stdlib;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.runtime.EntryCode;
import java.util.ArrayList;
import java.util.List;

/// The code of a compiled network's entries, for tests of the seam below `Network`.
final class EntryCodes {
    private EntryCodes() {}

    static List<EntryCode> of(Compiled compiled) throws ReflectiveOperationException {
        var codes = new ArrayList<EntryCode>();
        for (String type : compiled.model().entries().values()) codes.add(compiled.loader().loadClass(type).asSubclass(EntryCode.class).getDeclaredConstructor().newInstance());
        return codes;
    }
}

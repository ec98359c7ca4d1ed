package dev.kiln.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// What all subcommands share.
@Command(
        name = "kiln",
        description = "Neural networks in small text files, compiled to plain jars that predict and train.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Kiln.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:the text, the data or the model has problems", "2:the command line or the machine has"},
        subcommands = {
            CheckCommand.class,
            SummaryCommand.class,
            ReportCommand.class,
            TrainCommand.class,
            CompileCommand.class,
            EvaluateCommand.class,
            RunCommand.class,
            ProfileCommand.class,
            TestCommand.class,
            GradcheckCommand.class,
            FuzzCommand.class,
            BisectCommand.class,
            MutateCommand.class,
            DumpCommand.class,
            ExplainCommand.class,
            FmtCommand.class,
            DocCommand.class,
            AutoComplete.GenerateCompletion.class
        })
final class Kiln implements Runnable {
    @Option(names = "--stacktrace", description = "When something fails, show where in Kiln.", scope = ScopeType.INHERIT)
    boolean stacktrace;

    @Option(names = "--library", paramLabel = "JAR", description = "A jar or folder with .nn files under META-INF/nn/, for `use house.blocks`; once for each.", scope = ScopeType.INHERIT)
    List<Path> libraries = List.of();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Kiln.class.getPackage().getImplementationVersion();
            return new String[] {"kiln " + (version == null ? "development" : version), "Java " + Runtime.version() + ", picocli " + CommandLine.VERSION};
        }
    }
}

package io.rubato.node;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what goes wrong in a command into one line and an exit code. */
public final class ErrorLines {
    private ErrorLines() {
    }

    /**
     * Has all commands of a program tell their errors like this: wrong usage and bad input end with 2, failures with 1;
     * what was not foreseen prints its stack trace too.
     *
     * @param root with all its subcommands
     * @return the same
     */
    public static CommandLine on(final CommandLine root) {
        return root.setParameterExceptionHandler(ErrorLines::onWrongUsage)
                .setExecutionExceptionHandler(ErrorLines::onException);
    }

    private static int onWrongUsage(final ParameterException e, final String[] arguments) {
        final CommandLine command = e.getCommandLine();
        command.getErr().println("rubato: " + oneLine(e.getMessage()) + " (see '"
                + command.getCommandSpec().qualifiedName() + " --help')");
        return CommandLine.ExitCode.USAGE;
    }

    private static int onException(final Exception e, final CommandLine command, final ParseResult parsed) {
        return tell(e, command.getErr());
    }

    /** Prints what went wrong in a command; returns the exit code. */
    static int tell(final Exception e, final PrintWriter err) {
        return switch (e) {
            case UsageException usage -> {
                err.println("rubato: " + oneLine(usage.getMessage()));
                yield CommandLine.ExitCode.USAGE;
            }
            case FailureException failure -> {
                err.println("rubato: " + oneLine(failure.getMessage()));
                yield CommandLine.ExitCode.SOFTWARE;
            }
            default -> {
                err.println("rubato: this is a defect of the program: " + e);
                e.printStackTrace(err);
                yield CommandLine.ExitCode.SOFTWARE;
            }
        };
    }

    private static String oneLine(final String message) {
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}

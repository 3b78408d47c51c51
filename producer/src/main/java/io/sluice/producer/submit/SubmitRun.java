package io.sluice.producer.submit;

import io.sluice.cli.Progress;
import io.sluice.cli.UsageFault;
import io.sluice.producer.client.Join;
import io.sluice.producer.client.LineIds;
import io.sluice.producer.form.TaskLines;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.HashSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One submission from its first check to its exit code. Main thread.
 *
 * <p>A file is read twice: first it is checked, counted and hashed, then it is sent. A stream is checked while it is sent.
 *
 * @param err where people are told
 * @param terminal whether {@code err} is one
 */
public record SubmitRun(SubmitPlan plan, PrintWriter err, boolean terminal) {
    private static final int FAILED = 1;

    /**
     * Does it.
     *
     * @return the exit code
     * @throws UsageFault if nothing was sent, since what was asked for cannot be
     * @throws IllegalStateException if there is no broker, or a topic is missing
     */
    public int run() {
        Path file = plan.file();
        DistinctFiles.check(plan, file);
        ResultFile.check(plan.out());
        return file == null ? stream() : file(file);
    }

    private int file(Path file) {
        Path path = plan.journal(file);
        Journal.check(path, plan.journalling().resume());
        Progress checking = new Progress(err, terminal, -1, 0);
        FileFacts facts = FileFacts.read(file, plan, tasks -> checking.show(tasks, "checked"));
        checking.end();
        facts.faults().forEach(fault -> err.println(fault.getMessage()));
        if (facts.faultCount() > facts.faults().size()) {
            err.println("and " + (facts.faultCount() - facts.faults().size()) + " more bad lines");
        }
        err.flush();
        String cluster = Destination.find(plan.settings(), plan.topics());
        JournalHeader header = new JournalHeader(
                facts.sha256(),
                cluster,
                plan.settings().topics().tasks(),
                plan.journalling().options(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                facts.tasks());
        String prefix = FileFacts.prefix(facts.sha256());
        TaskLines.Rules rules = plan.rules(line -> prefix + line);
        boolean resume = plan.journalling().resume();
        try (Journal journal = resume ? Journal.resume(path, header) : Journal.begin(path, header);
                FileFacts.Hashed in = FileFacts.Hashed.open(file, facts.bytes());
                TaskLines lines = new TaskLines(plan.name(), in, rules)) {
            Outcome outcome = send(new Sending.Lot(lines, facts.tasks(), journal, join(facts)));
            if (outcome.complete() && !in.sha256().equals(facts.sha256())) {
                report(
                        outcome,
                        ", but " + file + " was changed meanwhile: some of it was sent as it was, some as it is now");
                return FAILED;
            }
            if (outcome.complete()) {
                journal.delete();
                return report(outcome, "");
            }
            if (!outcome.begun()) {
                return report(outcome, "");
            }
            return report(
                    outcome,
                    "; the same command with --resume " + (outcome.allSent() ? "waits for" : "sends") + " the rest");
        } catch (IOException e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }

    /** All that is waited for is known before anything is sent: results of an earlier run may be read at once. */
    private @Nullable Join join(FileFacts facts) {
        if (plan.wanted() == null) {
            return null;
        }
        Join join = new Join(facts.ids());
        Future<Void> unused = join.seal();
        return join;
    }

    private int stream() {
        if (plan.journalling().resume() || plan.journalling().path() != null) {
            throw new UsageFault(plan.name() + " can be read only once, so nobody can resume it: leave out "
                    + (plan.journalling().resume() ? "--resume" : "--journal") + ", or name a file");
        }
        String prefix = FileFacts.prefix(UUID.randomUUID().toString().replace("-", ""));
        TaskLines.Rules rules = plan.rules(line -> prefix + line);
        Destination.find(plan.settings(), plan.topics());
        Join join = plan.wanted() == null ? null : new Join(new LineIds(prefix, new BitSet(), new HashSet<>()));
        // Never closed: a thread may still wait for more of it, until the process ends.
        TaskLines lines = new TaskLines(plan.name(), stdinOr(plan.source()), rules);
        Outcome outcome = send(new Sending.Lot(lines, -1, null, join));
        return report(
                outcome, outcome.allSent() || !outcome.begun() ? "" : "; what is left of a stream cannot be resumed");
    }

    private static InputStream stdinOr(String source) {
        try {
            return source.equals("-") ? System.in : TaskLines.stream(Path.of(source));
        } catch (IOException e) {
            throw new UsageFault(String.valueOf(e.getMessage()));
        }
    }

    private Outcome send(Sending.Lot lot) {
        return new Sending(plan, lot, err, terminal).run();
    }

    private int report(Outcome outcome, String more) {
        outcome.faults().forEach(err::println);
        err.println(outcome.what() + more);
        err.flush();
        return outcome.exitCode();
    }
}

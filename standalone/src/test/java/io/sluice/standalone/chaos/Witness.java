package io.sluice.standalone.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.standalone.chaos.Run.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Hears from handlers in other processes when a run starts and ends, and remembers all of it. Any thread.
 *
 * <p>A process has one connection. It says {@code start} and waits for the answer before it works, and says {@code end}
 * and waits for the answer before its handler returns: so a run is counted for no longer than it goes on, and what is
 * counted too many at once was too many. The kernel closes the connection of a process that is killed, which ends its
 * runs; those of a frozen one go on.
 *
 * <pre>
 *  hello ⇥ pid
 *  start ⇥ run ⇥ key ⇥ task      answer: run
 *  end   ⇥ run ⇥ outcome         answer: run
 * </pre>
 */
final class Witness implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> connections = new HashSet<>();
    private final List<Run> runs = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();
    private final Map<Outcome, Integer> outcomes = new HashMap<>();
    private long events;
    private boolean closed;

    Witness() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread("witness", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The number of the last event. */
    synchronized long now() {
        return events;
    }

    /** All runs there have been, in the order in which they started. */
    synchronized List<Run> runs() {
        return List.copyOf(runs);
    }

    /** How many tasks have had a run that ended. */
    synchronized int tasksThatRan() {
        return ended.size();
    }

    /** How many runs have ended so. */
    synchronized int ended(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                connection.setTcpNoDelay(true);
                synchronized (this) {
                    if (closed) {
                        connection.close();
                        return;
                    }
                    connections.add(connection);
                }
                thread("witness-" + connection.getPort(), () -> listen(connection));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void listen(Socket connection) {
        Map<String, Integer> open = new HashMap<>();
        try (connection) {
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
            OutputStream out = connection.getOutputStream();
            long pid = Long.parseLong(in.readLine().split("\t", -1)[1]);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] said = line.split("\t", -1);
                if (said[0].equals("start")) {
                    open.put(said[1], started(said[3], said[2], pid));
                } else {
                    ended(Objects.requireNonNull(open.remove(said[1])), Outcome.valueOf(said[2]));
                }
                out.write((said[1] + "\n").getBytes(UTF_8));
            }
        } catch (IOException e) {
            // The process was killed.
        } finally {
            open.values().forEach(run -> ended(run, Outcome.DIED));
        }
    }

    private synchronized int started(String task, String key, long pid) {
        runs.add(new Run(task, key, pid, ++events, Long.MAX_VALUE, Outcome.OPEN));
        return runs.size() - 1;
    }

    private synchronized void ended(int run, Outcome how) {
        runs.set(run, runs.get(run).ended(++events, how));
        outcomes.merge(how, 1, Integer::sum);
        if (how == Outcome.DONE || how == Outcome.FAILED) {
            ended.add(runs.get(run).task());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        try {
            server.close();
            for (Socket connection : Set.copyOf(connections)) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void thread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}

package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One batch on a plain socket: a thread of its own sends the lines, while the test's reads the answers. */
final class BatchRequest implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;
    private final Thread sender;

    private BatchRequest(Socket socket, int count, IntFunction<String> lines) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8), 1 << 16);
        this.sender = new Thread(() -> send(count, lines), "batch-sender");
        sender.start();
    }

    /**
     * Begins to send.
     *
     * @param key the Idempotency-Key
     * @param lines the one of each number, from 1 on; may wait
     */
    static BatchRequest start(int port, String key, int count, IntFunction<String> lines) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String head = String.join(
                "\r\n",
                "POST /v1/tasks:batch HTTP/1.1",
                "host: localhost",
                "content-type: application/x-ndjson",
                "idempotency-key: " + key,
                "transfer-encoding: chunked",
                "connection: close",
                "",
                "");
        socket.getOutputStream().write(head.getBytes(UTF_8));
        return new BatchRequest(socket, count, lines);
    }

    private void send(int count, IntFunction<String> lines) {
        try {
            OutputStream out = socket.getOutputStream();
            StringBuilder chunk = new StringBuilder();
            for (int n = 1; n <= count; n++) {
                chunk.append(lines.apply(n)).append('\n');
                if (chunk.length() > 10_000 || n == count) {
                    byte[] bytes = chunk.toString().getBytes(UTF_8);
                    out.write((Integer.toHexString(bytes.length) + "\r\n" + chunk + "\r\n").getBytes(UTF_8));
                    chunk.setLength(0);
                }
            }
            out.write("0\r\n\r\n".getBytes(UTF_8));
        } catch (IOException gone) {
            // Then there are no more answers either.
        }
    }

    /** The next line of the answer; null when the answer has ended or the connection is gone. */
    @Nullable
    JsonObject next() {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("{")) {
                    return new JsonObject(line);
                }
            }
        } catch (IOException | DecodeException brokenOff) {
            // It broke off, maybe in the middle of a line, which is no answer then.
        }
        return null;
    }

    /** Ends it wherever it is; the sender ends, too, soon. */
    @Override
    public void close() throws IOException {
        sender.interrupt();
        socket.close();
    }
}

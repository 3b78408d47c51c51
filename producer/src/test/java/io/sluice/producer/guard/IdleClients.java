package io.sluice.producer.guard;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A process that opens connections, sends nothing on every other one and half a head on the rest, says {@code open}, waits
 * until the server has closed them all, says {@code closed}, and ends. A process of its own, since one may not have as many
 * files open as both ends need.
 */
public final class IdleClients {
    private static final long PATIENCE_MILLIS = 120_000;

    private IdleClients() {}

    public static void main(String[] arguments) throws IOException {
        InetSocketAddress server =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(server);
                if (i % 2 == 1) {
                    channel.write(ByteBuffer.wrap("POST /v1/tasks HTTP/1.1\r\nHo".getBytes(US_ASCII)));
                }
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
            System.out.println("open");
            ByteBuffer read = ByteBuffer.allocate(1_024);
            int open = count;
            while (open > 0 && selector.select(PATIENCE_MILLIS) > 0) {
                for (SelectionKey key : selector.selectedKeys()) {
                    if (isClosed((SocketChannel) key.channel(), read.clear())) {
                        key.channel().close();
                        open--;
                    }
                }
                selector.selectedKeys().clear();
            }
            System.out.println(open == 0 ? "closed" : open + " stay open");
        }
    }

    private static boolean isClosed(SocketChannel channel, ByteBuffer read) {
        try {
            return channel.read(read) < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}

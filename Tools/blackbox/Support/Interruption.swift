// The end of a program that would run for ever: a signal, or nobody who reads.

import CPlatform
import Glibc
import Synchronization

/// Written by the signals' handler, read by the loop.
private let wish = Atomic<Bool>(false)
/// What has not come to its end by then never will: whoever reads has stopped reading.
private let graceSeconds: UInt32 = 2

/// SIGINT and SIGTERM become a wish that the loop asks for.
enum Interruption {
    /// Whether somebody wants the program to end.
    static var isWanted: Bool { wish.load(ordering: .relaxed) }

    /// From now on.
    static func watch() {
        // Made here: a handler must not be the first to touch it.
        _ = isWanted
        // Whoever started the program may have left them blocked.
        var wanted = sigset_t()
        unsafe sigemptyset(&wanted)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGALRM] { unsafe sigaddset(&wanted, number) }
        unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = { _ in
                wish.store(true, ordering: .relaxed)
                _ = alarm(graceSeconds)
            }
            unsafe sigaction(number, &action, nil)
        }
        var last = sigaction()
        unsafe last.__sigaction_handler.sa_handler = { _ in _exit(ExitStatus.done) }
        unsafe sigaction(SIGALRM, &last, nil)
    }

    /// Waits a moment.
    ///
    /// - Returns: false when nobody reads standard output any more.
    static func pause(milliseconds: Int32) -> Bool {
        // A pipe whose reader has gone says so without being asked for anything.
        var output = pollfd(fd: 1, events: 0, revents: 0)
        guard unsafe poll(&output, 1, milliseconds) > 0 else { return true }
        return output.revents & Int16(POLLERR | POLLHUP | POLLNVAL) == 0
    }
}

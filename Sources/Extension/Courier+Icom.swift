// The plug-in's end of the hub's client (docs/icom.md): loads its library when a hub is asked for, passes
// orders on, and takes over what it has to say. A server without a hub pays nothing for all of this.
//
// What holds at the border (CPlatform.h, "The hub's client"; the other side: IcomBoard.swift):
//   * `bb_icom` and all texts that we put into it live for ever, and are complete before the library
//     starts; afterwards we write only the words that are ours, and `callback`;
//   * the library's functions are called by the courier alone, and not after `end`; it copies what it is
//     given, and we copy what it gives before we call again;
//   * the game thread touches the words, and the two texts behind their lock, and nothing else.

import CPlatform
import Segments
import Synchronization
import Values

/// What the courier keeps for it.
package struct IcomEnd {
    /// The file beside the plug-in (not on Windows).
    package static let fileName = "ocap_recorder_icom.so"
    /// The last `icom:connect`: address, NUL, server id.
    var wanted: [UInt8] = []
    /// A callback that the game has not taken yet, with its NUL.
    var failure: [UInt8] = []
}

extension Courier {
    /// Connects when the configuration names a hub.
    func connectAsConfigured() {
        let (address, name) = (configuration.icomAddress, configuration.icomServerID)
        guard !address.utf8.isEmpty, !name.utf8.isEmpty else { return }
        orderIcom(BB_ICOM_CONNECT, address.bytes + [0] + name.bytes)
    }

    /// An order of the game.
    func obeyIcom(_ message: Message) {
        var texts: [UInt8] = []
        for text in message.texts {
            if !texts.isEmpty { texts.append(0) }
            texts += ArgumentText.value(text.span)
        }
        orderIcom(Int(truncatingIfNeeded: message.sequence), texts)
    }

    private func orderIcom(_ order: Int, _ texts: [UInt8]) {
        let icom = unsafe shared.pointee.icom
        if order == BB_ICOM_CONNECT { self.icom.wanted = texts }
        var order = order
        if unsafe icom.pointee.post == nil {
            guard order != BB_ICOM_DISCONNECT, unsafe startIcom(icom) else { return }
            // It has never been told where to.
            order = BB_ICOM_CONNECT
        }
        let bytes = order == BB_ICOM_CONNECT ? self.icom.wanted : []
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe icom.pointee.post?(
                icom.pointee.client, UInt32(truncatingIfNeeded: order), bytes.baseAddress,
                UInt64(bytes.count))
        }
    }

    /// Loads the library; false when that failed, which the owner and the mission are told.
    private func startIcom(_ icom: UnsafeMutablePointer<bb_icom>) -> Bool {
        unsafe icom.pointee.version = UInt32(BB_ICOM_VERSION)
        unsafe icom.pointee.keeps_outbox = configuration.icomOutbox ? 1 : 0
        unsafe icom.pointee.inbox_events = UInt32(truncatingIfNeeded: configuration.icomInbox)
        unsafe icom.pointee.least_level = UInt32(
            truncatingIfNeeded: configuration.logLevel.rawValue)
        unsafe icom.pointee.logs_folder = Shared.lasting(configuration.logDir)
        unsafe icom.pointee.token = Shared.lasting(configuration.icomToken)
        if let writer = unsafe shared.pointee.writer {
            let (folder, id) = unsafe writer._withUnsafeGuaranteedRef { ($0.folder, $0.logID) }
            unsafe icom.pointee.log_folder = Shared.lasting(folder)
            unsafe withUnsafeMutableBytes(of: &icom.pointee.log_id) {
                unsafe $0.copyBytes(from: id)
            }
        }
        unsafe showIcom(icom)
        let path = Paths.join(Paths.parent(places.modulePath), IcomEnd.fileName)
        guard let reason = unsafe bb_icom_load(path, icom) else { return true }
        let text = unsafe String(cString: reason)
        say(
            .error, "icom: the hub's client can't be loaded",
            [LogField("file", path), LogField("reason", text)])
        var data = [UInt8](bytesOf: "[\"\",\"icom:connect\",")
        data.appendJSONString(
            (IcomEnd.fileName + " can't be loaded: " + text).bytes.span)
        self.icom.failure = data + [UInt8(ascii: "]"), 0]
        unsafe bb_icom_set(icom, UInt32(BB_ICOM_STATE), UInt32(BB_ICOM_STOPPED))
        return false
    }

    /// What the library may want to know of the plug-in, anew in each round.
    private func showIcom(_ icom: UnsafeMutablePointer<bb_icom>) {
        if let writer = unsafe shared.pointee.writer {
            let segment = unsafe writer._withUnsafeGuaranteedRef { $0.currentSegment }
            unsafe bb_icom_set(icom, UInt32(BB_ICOM_SEGMENT), segment)
        }
        unsafe bb_store_release_64(&icom.pointee.callback, UInt64(slot.number))
    }

    func pollIcom() {
        let icom = unsafe shared.pointee.icom
        if unsafe icom.pointee.post != nil {
            unsafe showIcom(icom)
            unsafe takeIcomLines(icom)
        }
        guard !self.icom.failure.isEmpty, let callback = unsafe slot.callback else { return }
        let (name, function): (StaticString, StaticString) = ("icom", "icom_failed")
        // The engine copies the three texts before it returns.
        let free = unsafe self.icom.failure.withUnsafeBytes { data in
            unsafe callback(
                UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self),
                UnsafeRawPointer(function.utf8Start).assumingMemoryBound(to: CChar.self),
                data.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
        if free >= 0 { self.icom.failure = [] }
    }

    private func takeIcomLines(_ icom: UnsafeMutablePointer<bb_icom>) {
        var line = unsafe bb_icom_line()
        while unsafe icom.pointee.take_line?(icom.pointee.client, &line) == 1 {
            unsafe lines.append(
                LogLine(
                    level: LogLevel(rawValue: Int(line.level)) ?? .error,
                    message: SystemText.fixed(line.message),
                    fields: [
                        LogField("server_id", SystemText.fixed(line.server)),
                        LogField("detail", SystemText.fixed(line.detail)),
                    ], seconds: line.seconds))
        }
    }

    func endIcom() {
        let icom = unsafe shared.pointee.icom
        guard unsafe icom.pointee.post != nil else { return }
        unsafe icom.pointee.end?(icom.pointee.client)
        unsafe takeIcomLines(icom)
    }
}

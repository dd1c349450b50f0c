// The library's one symbol, and the functions through which the plug-in's courier reaches the client.

import CPlatform

/// Starts the client on the words and texts of `shared` and puts its functions there. Nil, or why not.
/// Called by the plug-in's courier, which unloads us when there is a reason, and else never.
@c(blackbox_icom_start)
public func startClient(_ shared: UnsafeMutablePointer<bb_icom>?) -> UnsafePointer<CChar>? {
    guard let shared = unsafe shared else { return unsafe reason("it was started with nothing") }
    guard unsafe shared.pointee.version == UInt32(BB_ICOM_VERSION) else {
        return unsafe reason("it is not of the plug-in's version: both come with one release")
    }
    let client = unsafe Icom(IcomBoard(shared))
    guard client.start() else { return unsafe reason("the system gives it no thread") }
    unsafe shared.pointee.take_line = { client, line in
        guard let line = unsafe line else { return 0 }
        return unsafe withClient(client) { unsafe $0.take(&line.pointee) ? 1 : 0 } ?? 0
    }
    unsafe shared.pointee.end = { client in unsafe withClient(client) { $0.end() } }
    // Never released: its thread may outlive everything else of the plug-in.
    unsafe shared.pointee.client = Unmanaged.passRetained(client).toOpaque()
    unsafe shared.pointee.post = { client, order, bytes, count in
        let texts = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: Int(count)))
        _ = unsafe withClient(client) { $0.post(IcomOrder(number: order, texts: texts)) }
    }
    return nil
}

private func withClient<Result>(
    _ client: UnsafeMutableRawPointer?, _ body: (Icom) -> Result
) -> Result? {
    guard let client = unsafe client else { return nil }
    return unsafe Unmanaged<Icom>.fromOpaque(client)._withUnsafeGuaranteedRef(body)
}

private func reason(_ text: StaticString) -> UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

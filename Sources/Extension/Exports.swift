// The functions that the game looks up in the library, with exactly its names and types. `exports.map`
// lists them. docs/formats/plugin.md, "Entry points".

import CPlatform

/// Tells the game our version, for its report file.
@c(RVExtensionVersion)
public func recorderVersion(_ output: UnsafeMutablePointer<CChar>?, _ outputSize: UInt32) {
    var reply = unsafe ReplyBuffer(output, size: outputSize)
    _ = bb_feature_flags()
    Plugin.withCurrent { _ in }
    unsafe reply.put(text: bb_build_version())
    reply.finish()
}

/// The string form: `"ocap_recorder" callExtension "text"`.
@c(RVExtension)
public func recorderCall(
    _ output: UnsafeMutablePointer<CChar>?, _ outputSize: UInt32, _ function: UnsafePointer<CChar>?
) {
    var reply = unsafe ReplyBuffer(output, size: outputSize)
    Plugin.withCurrent { plugin in unsafe plugin.path.pointee.answerString(function, &reply) }
}

/// The array form: `"ocap_recorder" callExtension ["function", [argument, …]]`. Returns 0 to the addon
/// always (it takes anything else for a failure); commands of the server side and `icom:` commands
/// have codes.
@c(RVExtensionArgs)
public func recorderCallWithArguments(
    _ output: UnsafeMutablePointer<CChar>?, _ outputSize: UInt32,
    _ function: UnsafePointer<CChar>?,
    _ arguments: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ count: Int32
) -> Int32 {
    var reply = unsafe ReplyBuffer(output, size: outputSize)
    let texts = unsafe CallPath.Arguments(
        texts: UnsafePointer(arguments), count: arguments == nil ? 0 : Int(max(0, count)))
    return Plugin.withCurrent { plugin in
        unsafe plugin.path.pointee.answerArray(function, texts, &reply)
    }
}

/// The game hands over the function by which we tell it things; nil takes it back.
@c(RVExtensionRegisterCallback)
public func recorderRegisterCallback(
    _ callback: (
        @convention(c) (
            UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?
        ) -> Int32
    )?
) {
    Plugin.withCurrent { plugin in unsafe plugin.slot.set(callback) }
}

/// Who makes the call that comes next. Not called unless we ask for it (our feature flag).
@c(RVExtensionContext)
public func recorderContext(
    _ arguments: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ count: Int32
) {
    Plugin.withCurrent { plugin in
        unsafe plugin.context.store(UnsafePointer(arguments), count: Int(max(0, count)))
    }
}

// The border between the plug-in and the library of the hub's client.

import CPlatform
import IcomClient
import Testing

@Suite struct InterfaceTests {
    @Test(arguments: [0, UInt32(BB_ICOM_VERSION) + 1, .max])
    func aPlugInOfAnotherVersionIsRefusedWithAReasonAndNothingIsStarted(version: UInt32) {
        var shared = bb_icom()
        shared.version = version
        let reason = startClient(&shared).map { String(cString: $0) }
        #expect(reason == "it is not of the plug-in's version: both come with one release")
        #expect(shared.client == nil && shared.post == nil)
        #expect(shared.take_line == nil && shared.end == nil)
    }

    @Test func aPlugInThatGivesNothingIsRefused() {
        #expect(startClient(nil) != nil)
    }
}

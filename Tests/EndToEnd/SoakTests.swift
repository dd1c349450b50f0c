// A few missions of the long soak (Tools/torture has all of it): a small disk, a crash, an output that can't
// be written for a while; nothing lost, nothing removed too early, and the doctor says what is so.

import Foundation
import Testing

@Suite(.needsBuild) struct SoakTests {
    @Test(.timeLimit(.minutes(10))) func aFewMissionsOnASmallDiskKeepEveryPromise() throws {
        let script = Built.package.appending(path: "Tools/lib/soak")
        let ran = try run(
            script, ["--missions", "6"], in: Built.package,
            environment: ["BLACKBOX_BUILD": Built.folder.path], limitSeconds: 580)
        if ran.code == 3 {
            print("Test aFewMissionsOnASmallDiskKeepEveryPromise() skipped: \(ran.errors)")
            try Test.cancel("\(ran.errors)")
        }
        #expect(ran.code == 0, "\(ran.text)\(ran.errors)")
        #expect(ran.text.contains("6 replays"), "\(ran.text)")
    }
}

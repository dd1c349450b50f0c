// CRC-32C: the instruction and the table give the same bits, and both the published ones.

import CPlatform
import Testing

@Suite struct ChecksumTests {
    @Test func theCheckValueIsThePublishedOne() {
        let text = Array("123456789".utf8)
        // 0xE3069283 is the check value of CRC-32C with inversion at both ends.
        #expect(~bb_crc32c(0xFFFF_FFFF, text, 9) == 0xE306_9283)
        #expect(~bb_crc32c_table(0xFFFF_FFFF, text, 9) == 0xE306_9283)
    }

    @Test func hardwareAndTableAgreeAtEveryLengthAndAlignment() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var state = seed
        let bytes: [UInt8] = (0..<600).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        bytes.withUnsafeBytes { buffer in
            for start in 0..<9 {
                for count in 0..<(buffer.count - start) {
                    let at = buffer.baseAddress! + start
                    #expect(
                        bb_crc32c(7, at, UInt64(count)) == bb_crc32c_table(7, at, UInt64(count)))
                }
            }
        }
    }

    /// Long runs are cut into lanes that are joined again.
    @Test func hardwareAndTableAgreeOnLongRuns() {
        let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 131 >> 3) }
        bytes.withUnsafeBytes { buffer in
            for count in [2_999, 3_071, 3_072, 3_073, 3_144, 4_095, 6_144, 6_215, 19_991] {
                let at = buffer.baseAddress! + count % 9
                #expect(
                    bb_crc32c(0x8000_0001, at, UInt64(count))
                        == bb_crc32c_table(0x8000_0001, at, UInt64(count)))
            }
        }
    }
}

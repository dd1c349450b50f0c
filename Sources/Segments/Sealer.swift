// Full segments: synced once, given their footer, cut to their length, made read-only, given back.

import CPlatform
import Values
import WAL

extension LogWriter {
    /// The sealer thread.
    func runSealer() {
        var next: UInt32 = 1
        while !isStopping {
            while sealNext(&next) {}
            _ = unsafe bb_bell_wait(sealerBell, 200_000_000)
        }
        while sealNext(&next) {}
    }

    /// Seals segment `next` if the keeper is done with it. False when there is nothing to do.
    func sealNext(_ next: inout UInt32) -> Bool {
        let index = SegmentSlots.index(of: next)
        guard unsafe slots.pointee.state(index) == SlotState.saved else { return false }
        let slot = unsafe slots.pointee[index]
        guard unsafe slot.number == next else { return false }
        let sealed = unsafe seal(slot, failed: slots.pointee.hasFailed(index))
        setState(KeeperState.sealFailing, !sealed)
        // The preparer may have begun to touch its pages when it was current: a store into memory that
        // is unmapped would end the game.
        while unsafe words.pointee[.touched] == next { bb_thread_sleep_ns(1_000_000) }
        unsafe release(slot)
        if sealed { removeTails(of: next) }
        unsafe slots.pointee.pass(index, to: SlotState.free)
        unsafe bb_bell_ring(preparerBell)
        next += 1
        return true
    }

    /// Syncs a segment that is no longer written, and puts the footer behind its records. False when
    /// it stays unsealed: recovery has its tail file and will look at it again.
    func seal(_ slot: SegmentSlot, failed: Bool, isFinal: Bool = false) -> Bool {
        // A file that was deleted or replaced under us keeps nothing: its tail file does.
        guard let base = unsafe slot.base, !failed, unsafe bb_file_has_name(slot.file) == 1,
            unsafe bb_file_sync_data(slot.file) == 0
        else { return false }
        let bytes = unsafe RawBytes(base: base, count: slot.size)
        guard case .header(let header) = unsafe SegmentHeader.decode(bytes) else { return false }
        var scan = unsafe SegmentScan(bytes, header: header)
        scan.run()
        let found = scan.findings
        // Memory that changed under us is not sealed as if it were sound.
        guard found.holes.isEmpty, found.claimed == nil, found.residue == nil, found.footer == nil
        else { return false }
        let footer = unsafe SegmentFooter(
            number: header.number, recordCount: found.recordCount,
            lastSequence: found.lastSequence, end: UInt64(found.end),
            contentCRC: bytes.contentCRC(header.salt, end: found.end), isFinal: isFinal)
        let block = footer.encoded(salt: header.salt)
        let written = unsafe block.withUnsafeBytes {
            unsafe bb_file_write(slot.file, $0.baseAddress, UInt64($0.count), UInt64(found.end))
        }
        guard written >= 0, unsafe bb_file_sync_data(slot.file) == 0 else { return false }
        return true
    }

    /// Unmaps and closes. A sealed segment is cut to its length when nobody else has it mapped (a
    /// reader would die of SIGBUS), and made read-only.
    func release(_ slot: SegmentSlot) {
        if let base = unsafe slot.base {
            let bytes = unsafe RawBytes(base: base, count: slot.size)
            let end = unsafe Sealing.end(bytes)
            unsafe bb_guard_remove(slot.guardSlot)
            _ = unsafe bb_map_remove(base, UInt64(slot.size))
            if let end = end { unsafe Sealing.trim(slot.file, to: end) }
        }
        _ = unsafe bb_file_close(slot.file)
    }

    /// The tail files of a segment that is durable itself now.
    private func removeTails(of number: UInt32) {
        guard let names = try? Paths.unsortedNames(in: folder) else { return }
        for bytes in names {
            let name = String(utf8: bytes)
            guard LogNames.tailNumber(name)?.0 == number else { continue }
            // One that stays behind is only not needed any more.
            _ = unsafe bb_path_remove(Paths.join(folder, name))
        }
    }

    /// After the threads have ended: the last tick, the last footer, and no prepared file left.
    func finishFiles() {
        setState(KeeperState.closed, true)
        keeper.nextHeartbeat = 0
        tick()
        if keeper.file >= 0 { _ = bb_file_close(keeper.file) }
        keeper.file = -1
        for index in 0..<SegmentSlots.count {
            let slot = unsafe slots.pointee[index]
            switch unsafe slots.pointee.state(index) {
            case SlotState.ready:
                unsafe release(slot)
                _ = unsafe bb_path_remove(Paths.join(folder, LogNames.segment(slot.number)))
            case SlotState.full, SlotState.saved, SlotState.current:
                let sealed = unsafe seal(
                    slot, failed: slots.pointee.hasFailed(index),
                    isFinal: slots.pointee.state(index) == SlotState.current)
                unsafe release(slot)
                if sealed { unsafe removeTails(of: slot.number) }
            default:
                continue
            }
            unsafe slots.pointee.pass(index, to: SlotState.free)
        }
        _ = unsafe bb_path_remove(Paths.join(folder, LogNames.reserve))
        _ = bb_file_unlock(lockFile.handle)
        _ = unsafe bb_path_sync_folder(folder)
    }
}

/// Steps that the writer's sealer and recovery share.
enum Sealing {
    /// Length of a sealed segment's file, nil when it has no footer.
    static func end(_ bytes: RawBytes) -> Int? {
        guard case .header(let header) = unsafe SegmentHeader.decode(bytes) else { return nil }
        var scan = unsafe SegmentScan(bytes, header: header)
        scan.run()
        guard let footer = scan.findings.footer else { return nil }
        return Int(footer.end) + SegmentLayout.footerSize
    }

    /// Cuts a sealed segment's file to `end` if no reader holds its shared lock; read-only in any
    /// case. The caller has unmapped it.
    static func trim(_ file: Int64, to end: Int) {
        if bb_file_lock(file, 1) == 0 {
            // Failing leaves zeros behind the footer, which every reader accepts.
            _ = bb_file_set_size(file, UInt64(end))
            _ = bb_file_unlock(file)
        }
        _ = bb_file_make_read_only(file)
    }
}

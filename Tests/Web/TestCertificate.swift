// A certificate for localhost that vouches for itself, from 2020 to 2120, made for these tests.

import Foundation
import NIOSSL
import Upload

/// The certificate as a file, which an owner names as `api.sslRootCert`; removed with the value.
final class CertificateFile {
    let path = FileManager.default.temporaryDirectory.appending(
        path: "blackbox certificate \(UUID().uuidString).pem"
    ).path

    init() throws {
        try TestCertificate.certificateText.write(toFile: path, atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

enum TestCertificate {
    /// What a client trusts that was given the file.
    static func trust() throws -> WebTrust {
        let file = try CertificateFile()
        return try withExtendedLifetime(file) { try WebTrust(rootCertificates: file.path) }
    }

    private static func certificate() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(certificateText.utf8), format: .pem)
    }

    /// A server's side.
    static func server() throws -> NIOSSLContext {
        let key = try NIOSSLPrivateKey(bytes: Array(keyText.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(try certificate())], privateKey: .privateKey(key)))
    }

    fileprivate static let certificateText = """
        -----BEGIN CERTIFICATE-----
        MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
        CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLlX9KR7poeXbbT4
        c32rKQR/bxP+UKNMxqn+IT6FOX6kz+cxMQhOFVj04P7+5LrSlZ+xYnV0GEKBLmzv
        8kW6UHyjSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
        MB0GA1UdDgQWBBSgcSV3L4ejJTYiBAlOPRTbSHIVzDAKBggqhkjOPQQDAgNIADBF
        AiEAwMxhPSefTmrIAOhMVQm6dY1iPfCvABfXtIWRAjnlCWQCIEljLMW23FiBAs+1
        ZIpZ4sGxXytT9G6lXyJxW9naYv4/
        -----END CERTIFICATE-----
        """

    private static let keyText = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0h/ZefUEF+UzEKRC
        QqtzTp30WySjXO8uzqLV07ziZ5ehRANCAAS5V/Ske6aHl220+HN9qykEf28T/lCj
        TMap/iE+hTl+pM/nMTEIThVY9OD+/uS60pWfsWJ1dBhCgS5s7/JFulB8
        -----END PRIVATE KEY-----
        """
}

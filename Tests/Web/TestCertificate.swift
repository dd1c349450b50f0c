// A certificate for localhost that vouches for itself, from 2020 to 2120, made for these tests.

import NIOSSL

enum TestCertificate {
    /// What a client trusts.
    static func certificate() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(certificateText.utf8), format: .pem)
    }

    /// A server's side.
    static func server() throws -> NIOSSLContext {
        let key = try NIOSSLPrivateKey(bytes: Array(keyText.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(try certificate())], privateKey: .privateKey(key)))
    }

    private static let certificateText = """
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

// Whom a connection with TLS trusts: the authorities that the machine knows, and those that the owner names.

import NIOSSL

/// A file of certificates can't be used.
public struct TrustError: Error, Equatable, Sendable {
    /// A sentence for the owner.
    public let sentence: String
}

/// Whose certificates a web server may have.
public struct WebTrust: Sendable {
    package let tls: TLSConfiguration

    /// The authorities that the machine knows, and no other.
    public static let machine = WebTrust(tls: .makeClientConfiguration())

    private init(tls: TLSConfiguration) { self.tls = tls }

    /// Those of the machine, and further ones.
    ///
    /// - Parameter path: `api.sslRootCert`, a file in PEM form with the certificate of an authority, or of a
    ///   server that vouches for itself; several may follow each other.
    /// - Throws: `TrustError` when it holds none.
    public init(rootCertificates path: String) throws(TrustError) {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty
        else {
            throw TrustError(
                sentence:
                    "api.sslRootCert: \(path) can't be read, or holds no certificate in PEM form")
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.additionalTrustRoots = [.certificates(certificates)]
        tls = configuration
    }

    /// What went wrong with TLS, in words; nil when it was something else.
    package static func words(_ error: any Error) -> String? {
        if error is NIOSSLExtraError {
            return "the server's certificate is for another name than the one in api.serverUrl"
        }
        guard let error = error as? NIOSSLError else { return nil }
        // The library tells causes apart by nothing but the name that they have in its text.
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return
                "the server's certificate is not trusted: it has expired, or its authority is not known to "
                + "this machine (name that one's certificate as api.sslRootCert)"
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return
                "the server does not speak TLS there: api.serverUrl must begin with http://, or name another "
                + "port"
        }
        return "no secure connection: " + text
    }
}

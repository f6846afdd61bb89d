// Certificates for tests: an authority and what it issues, as PEM files. Made when they are needed, so that none of them runs
// out.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

#include "base/check.h"
#include "base/digest.h"
#include "net/helpers.h"

namespace beadle::net {

class Certificates {
 public:
  /// PEM files; `certificate` begins with its own.
  struct Files {
    std::string certificate, key, sha256;
  };

  explicit Certificates(const std::string& authority_name = "Harbridge test authority")
      : authority_(make({.names = "", .authority_name = authority_name}, nullptr)), authority_files_(write(authority_)) {}

  const std::string& authorities() const { return authority_files_.certificate; }
  const Files& authority() const { return authority_files_; }

  struct Wish {
    std::string names = {};              // x509v3_config(5), subjectAltName: "DNS:mx.harbridge.example,IP:127.0.0.1"
    int from_days = -1, until_days = 1;  // from now
    std::string authority_name = {};     // "": it is none
  };
  Files issue() const { return issue({.names = "DNS:mx.harbridge.example"}); }
  Files issue(const Wish& wish) const { return write(make(wish, &authority_)); }
  std::string path(const std::string& name) const { return folder_ / name; }

 private:
  struct Pair {
    std::shared_ptr<X509> certificate;
    std::shared_ptr<EVP_PKEY> key;
  };

  static void add_extension(X509* certificate, int name, const std::string& value) {
    if (value.empty()) return;
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, name, value.c_str());
    CHECK(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static Pair make(const Wish& wish, const Pair* issuer) {
    Pair made{{X509_new(), X509_free}, {EVP_EC_gen("P-256"), EVP_PKEY_free}};
    X509* certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    static long serial = 0;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    constexpr long day = 24 * 3600;
    X509_gmtime_adj(X509_getm_notBefore(certificate), wish.from_days * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), wish.until_days * day);
    X509_set_pubkey(certificate, made.key.get());
    const std::string subject = wish.authority_name.empty() ? "Harbridge " + std::to_string(serial) : wish.authority_name;
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
    const Pair& signer = issuer != nullptr ? *issuer : made;
    X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate.get()));
    add_extension(certificate, NID_basic_constraints, wish.authority_name.empty() ? "critical,CA:FALSE" : "critical,CA:TRUE");
    add_extension(certificate, NID_subject_alt_name, wish.names);
    CHECK(X509_sign(certificate, signer.key.get(), EVP_sha256()) != 0);
    return made;
  }

  Files write(const Pair& pair) const {
    const std::string name = std::to_string(ASN1_INTEGER_get(X509_get0_serialNumber(pair.certificate.get())));
    Files files{folder_ / (name + ".pem"), folder_ / (name + ".key"), ""};
    std::FILE* file = std::fopen(files.certificate.c_str(), "w");
    CHECK(file != nullptr);
    CHECK(PEM_write_X509(file, pair.certificate.get()) == 1);
    std::fclose(file);
    file = std::fopen(files.key.c_str(), "w");
    CHECK(file != nullptr);
    CHECK(PEM_write_PrivateKey(file, pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    std::fclose(file);
    unsigned char* der = nullptr;
    const int size = i2d_X509(pair.certificate.get(), &der);
    files.sha256 = sha256_hex({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return files;
  }

  TemporaryFolder folder_;
  Pair authority_;
  Files authority_files_;
};

}  // namespace beadle::net

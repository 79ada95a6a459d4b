#pragma once
// An authority and certificates of its own, made anew for each test program and written to a folder that goes with it.

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace flow::net {

class Authority {
 public:
  Authority() {
    static int count = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("flow-net-test-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder_);
    key_ = EVP_EC_gen("P-256");
    certificate_ = make("Test Authority", key_, nullptr, "", true, 3600);
    save_certificate(certificate_, ca_file());
  }
  ~Authority() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Authority(const Authority&) = delete;
  auto operator=(const Authority&) -> Authority& = delete;

  struct Files {
    std::string certificate, key;
  };
  // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
  auto issue(const std::string& names, long seconds = 3600) -> Files {
    auto* key = EVP_EC_gen("P-256");
    auto* certificate = make("leaf", key, certificate_, names, false, seconds);
    const auto stem = (folder_ / std::to_string(issued_++)).string();
    save_certificate(certificate, stem + ".crt");
    auto* file = std::fopen((stem + ".key").c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return {stem + ".crt", stem + ".key"};
  }
  auto ca_file() const -> std::string { return (folder_ / "ca.crt").string(); }

 private:
  static void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  auto make(const char* name, EVP_PKEY* key, X509* issuer, const std::string& names, bool is_authority, long seconds)
      -> X509* {
    auto* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 100 + issued_ + (is_authority ? 0 : 1));
    X509_gmtime_adj(X509_getm_notBefore(certificate), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate), seconds);
    X509_set_pubkey(certificate, key);
    auto* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate, issuer == nullptr ? subject : X509_get_subject_name(issuer));
    extend(certificate, issuer == nullptr ? certificate : issuer, NID_basic_constraints,
           is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!names.empty()) extend(certificate, issuer, NID_subject_alt_name, names);
    X509_sign(certificate, key_, EVP_sha256());
    return certificate;
  }

  static void save_certificate(X509* certificate, const std::string& path) {
    auto* file = std::fopen(path.c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
  }

  std::filesystem::path folder_;
  EVP_PKEY* key_ = nullptr;
  X509* certificate_ = nullptr;
  int issued_ = 0;
};

}  // namespace flow::net

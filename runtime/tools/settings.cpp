#include "runtime/tools/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runtime/net/endpoint.h"

namespace flow::tools {
namespace {

using From = ir::Setting::From;

// What is looked up, and for whom, in the order of the program.
struct Need {
  ir::Setting setting;
  std::string whose;
};

auto needs_of(const ir::Service& service) -> std::vector<Need> {
  const auto whose = "service `" + service.name + "`";
  const auto& auth = service.auth;
  std::vector<Need> all{{service.at, whose}, {auth.token_url, whose}, {auth.client, whose}};
  for (const auto& secret : {auth.secret, auth.client_secret, auth.refresh}) all.push_back({{From::Secret, secret}, whose});
  return all;
}

auto needs_of(const ir::Program& program) -> std::vector<Need> {
  std::vector<Need> all;
  std::set<std::uint32_t> seen;
  for (const auto& tool : program.tools) {
    if (!tool.work) continue;
    const auto whose = "tool `" + tool.name + "`";
    const auto& work = *tool.work;
    if (work.service && seen.insert(work.service.index).second) {
      for (auto& need : needs_of(program.services[work.service])) all.push_back(std::move(need));
    }
    for (const auto& header : work.headers) all.push_back({header.value, whose});
    all.push_back({work.url, whose});
    all.push_back({{From::Secret, work.key}, whose});
  }
  for (const auto& realtime : program.realtimes) {
    if (!realtime.exact_speech || !seen.insert(realtime.exact_speech.index).second) continue;
    for (auto& need : needs_of(program.services[realtime.exact_speech])) all.push_back(std::move(need));
  }
  std::erase_if(all, [](const Need& need) { return need.setting.from == From::Text || need.setting.text.empty(); });
  return all;
}

auto is_this_machine(const std::string& host) -> bool { return host == "localhost" || host == "::1" || (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos); }

auto check_address(const std::string& whose, const ir::Setting& setting, const std::string& url, bool has_key) -> Result<void> {
  const auto parsed = net::parse_url(url);
  const auto name = setting.from == From::Text ? "the address" : "`" + setting.text + "`";
  if (!parsed || parsed->scheme.starts_with("ws")) return failure("R0107", fmt::format("{} of {} is no address for HTTP", name, whose), "write it as https://host/path");
  if (parsed->encrypted() || is_this_machine(parsed->host) || !has_key) return {};
  return failure("R0107", fmt::format("{} of {} is not encrypted, and a key would be sent there", name, whose), "write it as https://host/path");
}

// Keys go to machines that are known, or over lines that nobody reads.
auto check_service(const ir::Service& service, const Settings& settings) -> Result<void> {
  if (service.kind == ir::Service::Kind::Database || !service.command.empty()) return {};
  const auto whose = "service `" + service.name + "`";
  if (auto fits = check_address(whose, service.at, settings.text(service.at), service.auth.kind != ir::Auth::Kind::None); !fits) return fits;
  if (service.auth.kind != ir::Auth::Kind::OAuth) return {};
  return check_address(whose, service.auth.token_url, settings.text(service.auth.token_url), true);
}

}  // namespace

auto Settings::look_up(const ir::Program& program, const Environment& environment) -> Result<Settings> {
  Settings out;
  std::vector<std::string> missing, names;
  for (const auto& [setting, whose] : needs_of(program)) {
    const auto value = environment ? environment(setting.text) : std::nullopt;
    if (setting.from == From::Secret) out.secret_names_.push_back(setting.text);
    if (value && !value->empty()) {
      out.values_[setting.text] = *value;
    } else if (std::ranges::find(names, setting.text) == names.end()) {
      names.push_back(setting.text);
      missing.push_back(fmt::format("`{}` ({})", setting.text, whose));
    }
  }
  if (!missing.empty()) {
    return failure("R0215", fmt::format("not set in the environment: {}", fmt::join(missing, ", ")), fmt::format("{}=… flowc run …", fmt::join(names, "=… ")));
  }
  for (const auto& tool : program.tools) {
    if (!tool.work) continue;
    if (tool.body == ir::Tool::Body::Batch) {
      if (auto fits = check_address("tool `" + tool.name + "`", tool.work->url, out.text(tool.work->url), !tool.work->key.empty()); !fits) return tl::unexpected(fits.error());
    }
    if (!tool.work->service) continue;
    if (auto fits = check_service(program.services[tool.work->service], out); !fits) return tl::unexpected(fits.error());
  }
  for (const auto& realtime : program.realtimes) {
    if (!realtime.exact_speech) continue;
    if (auto fits = check_service(program.services[realtime.exact_speech], out); !fits) return tl::unexpected(fits.error());
  }
  return out;
}

auto Settings::text(const ir::Setting& setting) const -> std::string {
  if (setting.from == From::Text) return setting.text;
  const auto found = values_.find(setting.text);
  return found == values_.end() ? std::string{} : found->second;
}

auto Settings::secret(const std::string& name) const -> std::string { return text({From::Secret, name}); }

auto Settings::secrets() const -> std::vector<std::string> {
  std::vector<std::string> all;
  for (const auto& name : secret_names_) {
    if (values_.contains(name)) all.push_back(values_.at(name));
  }
  return all;
}

}  // namespace flow::tools

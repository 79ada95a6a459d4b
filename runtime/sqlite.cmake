# Files of SQLite. Its header is included in runtime/sqlite only.
pkg_check_modules(Sqlite REQUIRED IMPORTED_TARGET sqlite3)
flow_library(flow_sqlite runtime/sqlite LINK flow_ir flow_base fmt::fmt)
target_link_libraries(flow_sqlite PRIVATE PkgConfig::Sqlite)

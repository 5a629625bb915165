#pragma once

#include <string>
#include <string_view>

namespace slicetool::db {

/// "`reader`@`%`" of "reader@%", as CURRENT_USER() says it; for GRANT.
std::string quoted_account(std::string_view account);

/// The statement that an administrator may run on the server so that it no longer refuses for lack
/// of a privilege: "GRANT SELECT ON `shop`.`orders` TO `reader`@`%`". Taken from the server's
/// message; empty when the error is another one or its words are not understood (a server that
/// speaks another language). `database` is the session's; `account` is what CURRENT_USER() said,
/// empty when the server did not let the user in (then the message's own account is taken). Pure.
std::string grant_advice(int number, std::string_view message, std::string_view database,
                         std::string_view account);

} // namespace slicetool::db

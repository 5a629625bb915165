#include "config/yaml_text.hpp"

#include "config/read_config.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

TEST(YamlText, IsReadBackAsItWas)
{
    for (const std::string text : {"orders",  "order_items", "null",
                                   "True",    "no",          "2024",
                                   "1e3",     "~",           "a b",
                                   " a ",     "a: b",        "a #b",
                                   "'",       "\"",          "\\",
                                   "\\n",     "a\nb",        "\t",
                                   "\x7F",    "\x01",        "{a",
                                   "[",       "*a",          "&a",
                                   "!a",      "%a",          "@a",
                                   "`a`",     "-",           "- a",
                                   "?",       "größe",       "\xF0\x9F\x90\xAC",
                                   "${HOME}", "$${x}",       "$$${x}",
                                   "$",       "$x",          "/run/mysqld/s.sock",
                                   "<<",      "=",           "|",
                                   ">",       "a,b"}) {
        const auto config =
            parse_config("endpoints: {a: {user: " + yaml_text(text) + "}}\n", "c.yaml");
        EXPECT_EQ(config.endpoints.at("a").settings.user, text);
    }
}

TEST(YamlText, LeavesPlainNamesPlain)
{
    EXPECT_EQ(yaml_text("order_items"), "order_items");
    EXPECT_EQ(yaml_text("db1.shop.example"), "db1.shop.example");
    EXPECT_EQ(yaml_text("a b"), "\"a b\"");
}

TEST(YamlText, CommentsStayOnTheirLine)
{
    EXPECT_EQ(yaml_comment("a\nb: c\r"), "a?b: c?");
}

} // namespace slicetool::config

#include "config/yaml_tree.hpp"

#include "base/error.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::HasSubstr;
using testing::StartsWith;

namespace {

std::string error_of(const std::string& text)
{
    return message_of<base::UsageError>([&] { parse_yaml(text, "f.yaml"); });
}

std::string repeated(const std::string& text, std::size_t count)
{
    std::string result;
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

} // namespace

TEST(YamlTree, KeepsOrderKindsAndPositions)
{
    const auto root = parse_yaml("a: 1\nb:\n  - x\n  - 'y'\nc:\nd: {e: f}\n", "f.yaml");
    ASSERT_EQ(root->entries.size(), 4U);
    EXPECT_EQ(root->entries[0].value->text, "1");
    EXPECT_EQ(root->entries[0].value->column, 4U);
    EXPECT_EQ(root->entries[1].value->items[1]->text, "y");
    EXPECT_EQ(root->entries[1].value->items[1]->line, 4U);
    EXPECT_EQ(root->entries[2].value->kind, YamlNode::Kind::null);
    EXPECT_EQ(root->entries[2].value->line, 5U);
    EXPECT_EQ(root->entries[2].value->column, 1U);
    EXPECT_EQ(root->entries[3].value->entries[0].key->text, "e");
}

TEST(YamlTree, EmptyTextHasNoRoot)
{
    EXPECT_EQ(parse_yaml("", "f.yaml"), nullptr);
    EXPECT_EQ(parse_yaml("# nothing\n", "f.yaml"), nullptr);
}

TEST(YamlTree, AliasesAreTheSameNode)
{
    const auto root = parse_yaml("a: &x [1, 2]\nb: *x\n", "f.yaml");
    EXPECT_EQ(root->entries[0].value, root->entries[1].value);
}

TEST(YamlTree, TakesAByteOrderMark)
{
    EXPECT_NE(parse_yaml("\xEF\xBB\xBF"
                         "a: 1\n",
                         "f"),
              nullptr);
}

TEST(YamlTree, SaysWhereTheSyntaxIsWrong)
{
    EXPECT_EQ(error_of("a: [1, 2\nb: 3\n"),
              "f.yaml:2:2: This is not valid YAML: end of sequence flow not found.");
    for (const auto* open :
         {"a: 'open", "a: 'open\n", "a: \"open\n\n", "a: 'open\nb: c\n", "- 'x \n"})
        EXPECT_THAT(error_of(open),
                    HasSubstr("not valid YAML: a quote is opened and never closed."))
            << open;
    EXPECT_EQ(error_of("\":A\\"),
              "f.yaml:1:6: This is not valid YAML: unknown escape character: ?.");
    EXPECT_EQ(error_of("a: b: c\n"), "f.yaml:1:5: This is not valid YAML: illegal map value.");
    EXPECT_THAT(error_of("a: *nowhere\n"), StartsWith("f.yaml:1:4: This is not valid YAML: "));
    EXPECT_THAT(error_of("\ta: 1\n"), StartsWith("f.yaml:1:"));
}

TEST(YamlTree, RefusesASecondDocument)
{
    EXPECT_EQ(error_of("a: 1\n---\nb: 2\n"),
              "f.yaml:2:1: A second document starts here; a config file is one document.");
}

TEST(YamlTree, RefusesTags)
{
    EXPECT_EQ(error_of("a: !!binary x\n"),
              "f.yaml:1:4: YAML tags ('!…') have no meaning in a config file; remove it.");
    EXPECT_THAT(error_of("a: !x {b: c}\n"), HasSubstr("YAML tags"));
}

TEST(YamlTree, RefusesBytesThatAreNoUtf8)
{
    EXPECT_EQ(error_of("a: 1\nb: \xFF\n"),
              "f.yaml:2:4: Byte 0xFF is not part of UTF-8 text; save the file as UTF-8.");
    EXPECT_EQ(error_of(std::string("a: \0", 4)),
              "f.yaml:1:4: Byte 0x00 is not part of UTF-8 text; save the file as UTF-8.");
    for (const auto* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80",
                            "\xFF\xFE"
                            "a",
                            "\xF0\x80\x80\x80", "\xE0\x80\x80", "\x1B[31m", "\x7F"})
        EXPECT_THAT(error_of(bad), HasSubstr("is not part of UTF-8 text")) << bad;
    EXPECT_EQ(parse_yaml("\xC3\xA9\xE6\x97\xA5\xF0\x9F\x8D\x95", "f")->text.size(), 9U);
}

TEST(YamlTree, RefusesHugeFiles)
{
    EXPECT_EQ(error_of(std::string((4 << 20) + 1, ' ')),
              "f.yaml:1:1: The file is larger than 4 MiB.");
}

TEST(YamlTree, RefusesDeepNestingOfEveryKind)
{
    for (const auto* unit : {"[", "{a: ", "- ", "? ", "[{a: ", "- - ? "}) {
        EXPECT_THAT(error_of(repeated(unit, 200'000) + "x"),
                    HasSubstr("nested more than 32 levels deep"))
            << unit;
    }
    EXPECT_THAT(error_of(repeated("[", 33) + repeated("]", 33)), HasSubstr("f.yaml:1:33: "));
    EXPECT_NE(parse_yaml(repeated("[", 32) + repeated("]", 32), "f"), nullptr);
}

TEST(YamlTree, RefusesAliasesThatMultiply)
{
    std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string alias = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
                repeated(alias + ",", 10) + "]\n";
    }
    EXPECT_THAT(error_of(text),
                HasSubstr("With aliases followed, the file has more than 500000 values."));
}

TEST(YamlTree, RefusesAliasesThatDeepen)
{
    std::string text = "a0: &a0 [x]\n";
    for (int i = 1; i < 100; ++i)
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" +
                std::to_string(i - 1) + "]\n";
    EXPECT_THAT(error_of(text),
                HasSubstr("With aliases followed, the file is nested more than 32"));
}

TEST(YamlTree, RefusesAnAliasInsideItsAnchor)
{
    EXPECT_EQ(error_of("a: &x [*x]\n"), "f.yaml:1:8: This alias stands inside its own anchor.");
}

TEST(YamlTree, EndsOnHostileText)
{
    for (const auto* unit : {"a: ",        "&a ", "*a ", "!a ",  "%", "|\n ",   "? ",   ": ",
                             "\"",         "'",   "#",   "\n- ", "]", "}",      "--- ", "...\n",
                             "%TAG ! x\n", "&",   "*",   "!<",   ",", "a: b: ", "\\"}) {
        // Either outcome is fine; what counts is that there is one, soon.
        message_of<base::UsageError>([&] { parse_yaml(repeated(unit, 20'000), "f"); });
    }
}

} // namespace slicetool::config

#include "base/error.hpp"
#include "config/read_config.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

Job job_with(const std::string& alternate)
{
    const std::string text =
        "endpoints: {a: {host: h}, b: {host: h}}\njobs: {j: {from: a, to: b, alternate: " +
        alternate + "}}\n";
    return parse_config(text, "/etc/shop/c.yaml").jobs.at("j");
}

std::string error_of(const std::string& alternate)
{
    return message_of<base::UsageError>([&] { job_with(alternate); });
}

} // namespace

TEST(Alternate, NamesTwoDatabasesAndWhereTheCurrentOneIsToldOf)
{
    const auto views = job_with("{databases: [foo0, foo1], views: foo}").alternate;
    ASSERT_TRUE(views);
    EXPECT_THAT(views->databases, ElementsAre("foo0", "foo1"));
    EXPECT_EQ(views->views, "foo");
    EXPECT_FALSE(views->file);
    const auto file = job_with("{databases: [foo0, foo1], file: current}").alternate;
    ASSERT_TRUE(file);
    EXPECT_EQ(file->file, "/etc/shop/current");
}

TEST(Alternate, IsRefusedWhenItCannotWork)
{
    EXPECT_THAT(error_of("{databases: [foo0], views: foo}"), HasSubstr("a list of two databases"));
    EXPECT_THAT(error_of("{databases: [a, b, c], views: foo}"), HasSubstr("list of two databases"));
    EXPECT_NE(error_of("{databases: [a, a], views: foo}"), "");
    EXPECT_THAT(error_of("{views: foo}"), HasSubstr("has no 'databases'"));
    EXPECT_THAT(error_of("{databases: [a, b]}"), HasSubstr("either 'views' or 'file'"));
    EXPECT_THAT(error_of("{databases: [a, b], views: v, file: f}"),
                HasSubstr("either 'views' or 'file'"));
    EXPECT_THAT(error_of("{databases: [a, b], views: b}"), HasSubstr("a database of their own"));
    EXPECT_THAT(error_of("{databases: [a, b], view: v}"), HasSubstr("did you mean 'views'"));
    EXPECT_NE(error_of("foo0"), "");
}

} // namespace slicetool::config

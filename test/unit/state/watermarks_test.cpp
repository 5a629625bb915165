#include "state/watermarks.hpp"

#include "unit/state/fixture.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace slicetool::state::test {
namespace {

class StoredWatermarks : public StateTest
{
protected:
    void write(const File::Work& work) const { File(path(), File::Missing::create).write(work); }

    std::vector<Watermark> found(const std::string& downstream = "mysql://down/shop",
                                 const std::string& table = "orders") const
    {
        std::vector<Watermark> marks;
        File(path(), File::Missing::create).read([&](SQLite::Database& database) {
            marks = find_watermarks(database, downstream, table);
        });
        return marks;
    }
};

TEST_F(StoredWatermarks, OfTheSameColumnAndTermsReplaceEachOther)
{
    write([](SQLite::Database& database) {
        for (const char* value : {"2026-01-01", "2026-01-02"})
            put_watermark(database, "mysql://down/shop", "orders", {"at", "a", true, value});
        put_watermark(database, "mysql://down/shop", "orders", {"at", "b", false, std::nullopt});
    });
    const auto marks = found();
    ASSERT_EQ(marks.size(), 2U);
    EXPECT_EQ(marks[0].value, "2026-01-02");
    EXPECT_TRUE(marks[0].is_copied);
    EXPECT_EQ(marks[1].value, std::nullopt);
    EXPECT_FALSE(marks[1].is_copied);
    EXPECT_TRUE(found("mysql://down/shop2").empty());
    EXPECT_TRUE(found("mysql://down/shop", "customers").empty());
}

TEST_F(StoredWatermarks, ThatAreForgottenStillSayThatTheyWere)
{
    write([](SQLite::Database& database) {
        put_watermark(database, "mysql://down/shop", "orders", {"at", "a", true, "2026-01-01"});
        forget_watermarks(database, "mysql://down/shop", "orders");
        forget_watermarks(database, "mysql://down/shop", "customers");
    });
    ASSERT_EQ(found().size(), 2U);
    for (const auto& mark : found())
        EXPECT_EQ(mark.value, std::nullopt);
    EXPECT_EQ(found("mysql://down/shop", "customers").size(), 1U);
}

TEST_F(StoredWatermarks, WithoutTermsAreBelievedNoMore)
{
    write([](SQLite::Database& database) {
        database.exec("DROP TABLE watermarks");
        database.exec("CREATE TABLE watermarks (pair TEXT NOT NULL, name TEXT NOT NULL, "
                      "column_name TEXT NOT NULL, value TEXT NOT NULL, "
                      "PRIMARY KEY (pair, name, column_name))");
        database.exec("INSERT INTO watermarks VALUES "
                      "('mysql://up/shop -> mysql://down/shop', 'orders', 'at', '2026-01-01'), "
                      "('mysql://up2/shop -> mysql://down/shop', 'orders', 'at', '2026-01-01')");
        database.exec("PRAGMA user_version = 1");
    });
    const auto marks = found();
    ASSERT_EQ(marks.size(), 1U);
    EXPECT_EQ(marks[0].terms, "");
    EXPECT_EQ(marks[0].value, std::nullopt);
}

} // namespace
} // namespace slicetool::state::test

-- A day in the shop: scattered updates, a burst of inserts, deletes, and two customers who exchange their addresses of
-- e-mail, which are unique. The caller sets @rows, as for the data. Ends by telling how many rows changed.

SET @customers := GREATEST(60, @rows DIV 12),
    @products := GREATEST(40, @rows DIV 40),
    @orders := GREATEST(100, @rows * 11 DIV 60),
    @first_order := 1000001, @updated := 0, @inserted := 0, @deleted := 0;

SET NAMES utf8mb4;
SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_UNSIGNED_SUBTRACTION';

-- About 400 updates, far apart.
UPDATE orders SET status = 'shipped', changed_at = '2026-01-02 10:00:00', note = 'unterwegs 🚚' WHERE id % GREATEST(2, @orders DIV 120) = 1;
SET @updated := @updated + ROW_COUNT();
UPDATE products SET price = price + 0.5, description = CONCAT_WS(' ', description, '★') WHERE id % GREATEST(2, @products DIV 90) = 1;
SET @updated := @updated + ROW_COUNT();
UPDATE inventory SET quantity = quantity - 1, counted_on = '2026-01-02' WHERE product % GREATEST(2, @products DIV 30) = 1;
SET @updated := @updated + ROW_COUNT();
UPDATE customers SET balance = balance + 1, phone = '+49-1234567' WHERE id % GREATEST(2, @customers DIV 50) = 1;
SET @updated := @updated + ROW_COUNT();
UPDATE reviews SET body = 'Ändert meine Meinung: 星五つ ⭐⭐⭐⭐⭐', score = score * 1.0000001 WHERE product % GREATEST(2, @products DIV 25) = 1;
SET @updated := @updated + ROW_COUNT();
UPDATE sessions SET clicks = clicks + 1, lasted = ADDTIME(lasted, '00:00:00.125') WHERE id LIKE '_a5%' OR id LIKE '_b4%';
SET @updated := @updated + ROW_COUNT();
UPDATE product_images SET thumbnail = REPEAT(UNHEX('00ff5c2700'), 50) WHERE product % GREATEST(2, @products DIV 15) = 1 AND number = 1;
SET @updated := @updated + ROW_COUNT();

-- A burst of 300 orders, with a few new customers and visits.
START TRANSACTION;
INSERT INTO customers (id, uid, email, given_name, family_name, country, since_year, created_at)
  SELECT @customers + seq, UNHEX(MD5(CONCAT('new customer', seq))), CONCAT('new.', seq, '@example.org'), 'Νέα', '新しい', 'GR', 2026, '2026-01-02 09:30:00'
  FROM seq_1_to_40;
SET @inserted := @inserted + ROW_COUNT();
INSERT INTO orders (id, customer, total, currency, placed_at)
  SELECT @first_order + @orders - 1 + seq, @customers + 1 + seq % 40, 10 + seq / 4, 'EUR', '2026-01-02 09:45:00' + INTERVAL seq SECOND
  FROM seq_1_to_300;
SET @inserted := @inserted + ROW_COUNT();
INSERT INTO order_items (`order`, line, product, quantity, price)
  SELECT @first_order + @orders - 1 + o.seq, l.seq, 1 + (o.seq * 7 + l.seq) % @products, l.seq, 9.99
  FROM seq_1_to_300 AS o JOIN seq_1_to_2 AS l;
SET @inserted := @inserted + ROW_COUNT();
INSERT INTO payments (`order`, method, amount, answer, paid_at)
  SELECT @first_order + @orders - 1 + seq, 'card', 10 + seq / 4, '{"ok": true}', '2026-01-02 09:50:00.5'
  FROM seq_1_to_300 WHERE seq % 3 <> 0;
SET @inserted := @inserted + ROW_COUNT();
INSERT INTO sessions (id, customer, address, started_at)
  SELECT INSERT(INSERT(INSERT(INSERT(MD5(CONCAT('new session', seq)), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-'),
         @customers + 1 + seq % 40, INET6_ATON('2001:db8::cafe'), '2026-01-02 09:40:00'
  FROM seq_1_to_60;
SET @inserted := @inserted + ROW_COUNT();
COMMIT;

-- Old visits, some reviews, and a few orders with all that belongs to them.
DELETE FROM sessions WHERE id LIKE '_c3%';
SET @deleted := @deleted + ROW_COUNT();
DELETE FROM reviews WHERE product % GREATEST(2, @products DIV 20) = 0;
SET @deleted := @deleted + ROW_COUNT();
SET @every := GREATEST(10, @orders DIV 20);
DELETE FROM payments WHERE `order` BETWEEN @first_order AND @first_order + @orders - 1 AND `order` % @every = 3;
SET @deleted := @deleted + ROW_COUNT();
DELETE FROM order_items WHERE `order` BETWEEN @first_order AND @first_order + @orders - 1 AND `order` % @every = 3;
SET @deleted := @deleted + ROW_COUNT();
DELETE FROM orders WHERE id BETWEEN @first_order AND @first_order + @orders - 1 AND id % @every = 3;
SET @deleted := @deleted + ROW_COUNT();

-- The exchange, between the first customer and one in the middle.
START TRANSACTION;
SET @one := 1, @other := @customers DIV 2;
SELECT email INTO @email_of_one FROM customers WHERE id = @one;
SELECT email INTO @email_of_other FROM customers WHERE id = @other;
UPDATE customers SET email = '' WHERE id = @one;
UPDATE customers SET email = @email_of_one WHERE id = @other;
UPDATE customers SET email = @email_of_other WHERE id = @one;
COMMIT;
SET @updated := @updated + 2;

SELECT @updated AS updated, @inserted AS inserted, @deleted AS deleted;

; Division of 128-bit numbers: LLVM leaves it to a C library that need not be there.

declare i128 @llvm.ctlz.i128(i128, i1)

define internal i128 @udiv_128(i128 %a, i128 %b) nounwind {
entry:
  %both = or i128 %a, %b
  %top = lshr i128 %both, 64
  %small = icmp eq i128 %top, 0
  br i1 %small, label %short, label %long

short:
  %a64 = trunc i128 %a to i64
  %b64 = trunc i128 %b to i64
  %q64 = udiv i64 %a64, %b64
  %q = zext i64 %q64 to i128
  ret i128 %q

long:
  %za = call i128 @llvm.ctlz.i128(i128 %a, i1 false)
  %zb = call i128 @llvm.ctlz.i128(i128 %b, i1 false)
  %shift = sub i128 %zb, %za
  %less = icmp slt i128 %shift, 0
  br i1 %less, label %none, label %begin

none:
  ret i128 0

begin:
  %d0 = shl i128 %b, %shift
  br label %digit

digit:
  %d = phi i128 [ %d0, %begin ], [ %d1, %digit ]
  %rest = phi i128 [ %a, %begin ], [ %rest1, %digit ]
  %made = phi i128 [ 0, %begin ], [ %made1, %digit ]
  %n = phi i128 [ %shift, %begin ], [ %n1, %digit ]
  %fits = icmp uge i128 %rest, %d
  %taken = select i1 %fits, i128 %d, i128 0
  %rest1 = sub i128 %rest, %taken
  %one = zext i1 %fits to i128
  %twice = shl i128 %made, 1
  %made1 = or i128 %twice, %one
  %d1 = lshr i128 %d, 1
  %n1 = sub i128 %n, 1
  %last = icmp slt i128 %n1, 0
  br i1 %last, label %done, label %digit

done:
  ret i128 %made1
}

define internal i128 @sdiv_128(i128 %a, i128 %b) nounwind {
  %an = icmp slt i128 %a, 0
  %am = sub i128 0, %a
  %ap = select i1 %an, i128 %am, i128 %a
  %bn = icmp slt i128 %b, 0
  %bm = sub i128 0, %b
  %bp = select i1 %bn, i128 %bm, i128 %b
  %q = call i128 @udiv_128(i128 %ap, i128 %bp)
  %qm = sub i128 0, %q
  %apart = xor i1 %an, %bn
  %signed = select i1 %apart, i128 %qm, i128 %q
  ret i128 %signed
}
